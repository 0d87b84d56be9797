"""SQL over the lake: an in-memory DuckDB that sees the datasets named, opens their files and can do nothing else."""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import duckdb

from lakeflow.errors import LakeflowError, UsageError
from lakeflow.statement import Statement
from lakeflow.table import WRITERS
from lakeflow.views import Table, literal, raw_view, schemas, view, views

if TYPE_CHECKING:  # an answer is printed without them: each takes longer to load than most queries to run
    import polars as pl
    import pyarrow as pa

CHUNK = 10_000
PLAIN = {"BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
         "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "VARCHAR", "BLOB"}  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What one query may take; without a number of threads, one a core."""

    memory_gb: float = 2.0
    threads: int | None = None


class Answer:
    """What a statement answers; every way to take it runs it anew, and only `frame` holds all of it in memory."""

    def __init__(self, statement: Statement, con: duckdb.DuckDBPyConnection, spill: Path) -> None:
        self._statement = statement
        self._con = con
        self._spill = spill
        with told():
            self._relation = con.sql(statement.sql)  # bound and not yet run, but for an EXPLAIN
        self.columns: list[str] = list(self._relation.columns)
        self.types = [str(kind) for kind in self._relation.types]

    def rows(self) -> Generator[tuple[Any, ...], None, None]:
        """The rows as they come; dates and times are ISO text, since Python's own end at the microsecond."""
        with told(), closing(self._con.cursor()) as cursor:
            cursor.execute(self._statement.sql if self._statement.is_explain else self._as_text())
            while chunk := cursor.fetchmany(CHUNK):
                yield from chunk

    def count(self) -> int:
        sql = f"SELECT count(*) FROM ({self._statement.sql}\n)"  # noqa: S608  read_statement let it through
        with told(), closing(self._con.cursor()) as cursor:
            row = cursor.execute(sql).fetchone()
        return int(row[0]) if row else 0

    def frame(self) -> "pl.DataFrame":
        with told():
            frame: pl.DataFrame = self._con.sql(self._statement.sql).pl()
        return frame

    def batches(self) -> "pa.RecordBatchReader":
        """The rows as a stream of Arrow record batches."""
        with told():
            return self._con.cursor().sql(self._statement.sql).to_arrow_reader(100_000)

    def write(self, out: IO[str], form: str, most: int | None = None) -> int:
        """Write the rows as table, csv, json or ndjson, at most so many; how many rows were left out."""
        rows = self.rows()
        if self._statement.is_explain and form == "table":
            out.writelines(f"{row[-1]}\n" for row in rows)
            return 0
        WRITERS[form](out, self.columns, islice(rows, most))
        is_cut = most is not None and next(rows, None) is not None
        rows.close()
        return max(0, self.count() - most) if most is not None and is_cut else 0

    def write_parquet(self, path: Path) -> int:
        """Write the rows to a Parquet file, which appears when it is whole; how many there were."""
        import pyarrow.parquet as pq

        draft = path.with_name(f".{path.name}.inprogress")
        try:
            with (
                told(),
                self.batches() as batches,
                pq.ParquetWriter(draft, batches.schema, compression="zstd") as writer,
            ):
                for batch in batches:
                    writer.write_batch(batch)
            draft.replace(path)
        except OSError as error:
            raise UsageError(
                f"{path}: expected a file that can be written, found {error.strerror}"
            ) from error
        finally:
            draft.unlink(missing_ok=True)
        return int(pq.read_metadata(path).num_rows)

    def close(self) -> None:
        self._con.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _as_text(self) -> str:
        """The statement with what Python cannot hold as text; columns by position, since a name may be said twice."""
        names = [f"c{n}" for n in range(len(self.columns))]
        cells = ", ".join(_cell(name, kind) for name, kind in zip(names, self.types, strict=True))
        return f"SELECT {cells} FROM ({self._statement.sql}\n) AS answer({', '.join(names)})"  # noqa: S608  the same


def ask(statement: Statement, tables: Iterable[Table], root: Path, limits: Limits | None = None) -> Answer:
    """The answer to a statement over tables whose files are under `root`; tables that it does not name cost nothing."""
    spill = Path(tempfile.mkdtemp(prefix="lakeflow-query-"))
    try:
        with told():
            return Answer(statement, connect(statement, tables, root, limits or Limits(), spill), spill)
    except BaseException:
        shutil.rmtree(spill, ignore_errors=True)
        raise


def connect(
    statement: Statement, tables: Iterable[Table], root: Path, limits: Limits, spill: Path
) -> duckdb.DuckDBPyConnection:
    """An in-memory database with the views that a statement needs; it reads under `root` and does nothing else."""
    con = duckdb.connect()
    settings = [
        "SET GLOBAL TimeZone='UTC'",  # GLOBAL: a cursor is a session of its own
        f"SET memory_limit='{limits.memory_gb}GiB'",
        f"SET temp_directory={literal(str(spill))}",
        f"SET threads={limits.threads or os.cpu_count() or 1}",
        f"SET allowed_directories=[{literal(os.path.abspath(root))}]",  # noqa: PTH100  files are named without following links
        "SET enable_external_access=false",
    ]
    for sql in [*settings, *needed(statement, tables), "SET lock_configuration=true"]:
        con.execute(sql)
    return con


def needed(statement: Statement, tables: Iterable[Table]) -> Iterator[str]:
    """The views of the tables named; for a look at the catalogue, of all tables, those not named without files."""
    held = [table for table in tables if statement.wants_catalog or table.key in statement.datasets]
    yield from schemas(held)
    if statement.wants_catalog:
        yield from views([t if t.key in statement.datasets else Table(t.key, t.contract) for t in held])
        return
    yield from map(view, held)
    yield from (raw_view(table) for table in held if table.key in statement.raws)


@contextmanager
def told() -> Iterator[None]:
    """DuckDB's errors as ours: what the SQL asks wrongly, what it asks too much of, and a file that fails it."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise UsageError(
            f"query: expected to fit in its memory, found {first_line(error)}; ask for less or raise query_memory_gb"
        ) from error
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise LakeflowError(
            f"query: expected files that can be read, found {first_line(error)}; see lakeflow doctor"
        ) from error
    except duckdb.Error as error:
        raise UsageError(f"query: {str(error).strip()}") from error


def first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]


def _cell(name: str, kind: str) -> str:
    if kind.startswith("DECIMAL(") or kind.rstrip("[]") in PLAIN:
        return name
    if kind in ("TIMESTAMPTZ_NS", "TIMESTAMP WITH TIME ZONE"):
        return f"replace(replace(CAST({name} AS VARCHAR), ' ', 'T'), '+00', 'Z')"
    return f"CAST({name} AS VARCHAR)"
