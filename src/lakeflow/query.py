"""SQL over the lake: an in-memory DuckDB that sees the datasets named, opens their files and can do nothing else."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import duckdb

from lakeflow.errors import LakeflowError, UsageError
from lakeflow.statement import Statement
from lakeflow.table import WRITERS
from lakeflow.views import Table, literal, schemas, views

if TYPE_CHECKING:  # neither is needed to print an answer, and both take longer to load than most queries
    import polars as pl
    import pyarrow as pa

CHUNK = 10_000
PLAIN = {"BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
         "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "VARCHAR", "BLOB"}  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What one query may take; `threads` of None is one a core."""

    memory_gb: float = 2.0
    threads: int | None = None


def connect(tables: Iterable[Table], root: Path, limits: Limits, spill: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory database with a view of each table, that reads under `root` only and cannot be reconfigured."""
    held = list(tables)
    con = duckdb.connect()
    settings = [
        "SET TimeZone='UTC'",
        f"SET memory_limit='{limits.memory_gb}GiB'",
        f"SET temp_directory={literal(str(spill))}",
        *([f"SET threads={limits.threads}"] if limits.threads else []),
        f"SET allowed_directories=[{literal(str(root))}]",
        "SET enable_external_access=false",
    ]
    for sql in [*settings, *schemas(held), *(view for table in held for view in views(table, held))]:
        con.execute(sql)
    con.execute("SET lock_configuration=true")
    return con


class Answer:
    """What a statement answers; each way to take it runs it anew, and rows are never all in memory but as a frame."""

    def __init__(self, statement: Statement, tables: Iterable[Table], root: Path, limits: Limits | None = None) -> None:
        wanted = [t if t.key in statement.datasets else Table(t.key, t.contract) for t in tables]
        if not statement.wants_catalog:
            wanted = [table for table in wanted if table.key in statement.datasets]
        self._sql = statement.sql
        self._is_explain = statement.is_explain
        self._spill = Path(tempfile.mkdtemp(prefix="lakeflow-query-"))
        with faults():
            self._con = connect(wanted, root.absolute(), limits or Limits(), self._spill)

    @cached_property
    def types(self) -> dict[str, str]:
        """DuckDB's type of each column, in order; a name said twice gets a number."""
        with faults():
            described = self._con.execute(self._sql if self._is_explain else f"{self._sql}\nLIMIT 0").description
        return {}

    def close(self) -> None:
        self._con.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
