"""Rows that repeat an earlier one in some columns that do not sort them; a row with a null repeats nothing, as in SQL."""

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs

from lakeflow.order import Tally

MEMORY = "1GB"  # DuckDB spills what is more


def repeats_in_frame(frame: pl.DataFrame, names: Sequence[str]) -> Tally:
    repeated = (
        frame.select(names)
        .with_row_index("row number")
        .drop_nulls(names)
        .filter(~pl.struct(names).is_first_distinct())
        .sort("row number")
    )
    if repeated.is_empty():
        return Tally()
    return Tally(repeated.height, repeated["row number"][0], _first_values(repeated.select(names)))


def repeats_in_file(path: Path, names: Sequence[str]) -> Tally:
    import duckdb

    settings: dict[str, Any] = {"memory_limit": MEMORY, "autoinstall_known_extensions": False}
    with (
        tempfile.TemporaryDirectory() as spill,
        duckdb.connect(config={**settings, "temp_directory": spill}) as duck,
    ):
        duck.read_parquet(_literal(path), file_row_number=True).create_view("file")
        keys = ", ".join(f'"{name}"' for name in names)
        whole = " AND ".join(f'"{name}" IS NOT NULL' for name in names)
        duck.execute(
            f'CREATE TEMP TABLE repeated AS SELECT {keys}, count(*) - 1 AS "rows more" FROM file'  # noqa: S608  linted names
            f" WHERE {whole} GROUP BY {keys} HAVING count(*) > 1"
        )
        count = duck.execute('SELECT sum("rows more")::BIGINT FROM repeated').fetchall()[0][0]
        first = _first_row(duck, keys) if count else None
    if first is None:
        return Tally()
    found = pl.scan_parquet(path, glob=False, hive_partitioning=False).select(names).slice(first, 1).collect()
    return Tally(count, first, _first_values(found))


def _first_row(duck: Any, keys: str) -> int:
    """Its number, looked up only for a file that is refused anyway; its values DuckDB cannot give us without pytz."""
    row: int = duck.execute(
        'SELECT min("row number") FROM (SELECT file_row_number AS "row number", row_number() OVER'  # noqa: S608  linted names
        f' (PARTITION BY {keys} ORDER BY file_row_number) AS "nth row" FROM file SEMI JOIN repeated USING ({keys}))'
        ' WHERE "nth row" = 2'
    ).fetchall()[0][0]
    return row


def _literal(path: Path) -> str:
    """The path with nothing in it that DuckDB would read as a pattern."""
    return re.sub(r"([*?[])", r"[\1]", str(path))


def _first_values(rows: pl.DataFrame) -> str:
    """The first row as it would be typed; times as the integers that are stored."""
    return str(rows.head(1).with_columns(cs.datetime().cast(pl.Int64)).row(0))
