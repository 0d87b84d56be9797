"""Rows that repeat an earlier one in some columns that do not sort them; a row with a null repeats nothing, as in SQL."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

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
    row, *values = repeated.row(0)
    return Tally(repeated.height, row, str(tuple(values)))


def repeats_in_file(path: Path, names: Sequence[str]) -> Tally:
    import duckdb  # noqa: PLC0415  most tables are keyed by their order and never come here

    settings: dict[str, Any] = {"memory_limit": MEMORY, "autoinstall_known_extensions": False}
    with (
        tempfile.TemporaryDirectory() as spill,
        duckdb.connect(config={**settings, "temp_directory": spill}) as duck,
    ):
        duck.read_parquet(str(path), file_row_number=True).create_view("file")
        keys = ", ".join(f'"{name}"' for name in names)
        whole = " AND ".join(f'"{name}" IS NOT NULL' for name in names)
        duck.execute(
            f"CREATE TEMP TABLE repeated AS SELECT {keys}, count(*) - 1 AS more FROM file"  # noqa: S608  linted names
            f" WHERE {whole} GROUP BY {keys} HAVING count(*) > 1"
        )
        count = duck.execute("SELECT sum(more)::BIGINT FROM repeated").fetchall()[0][0]
        return Tally(count, *_first(duck, keys)) if count else Tally()


def _first(duck: Any, keys: str) -> tuple[int, str]:
    """The first row that repeats one, looked up only for a file that is refused anyway."""
    row, *values = duck.execute(
        f"SELECT number, {keys} FROM (SELECT file_row_number AS number, {keys}, row_number() OVER"  # noqa: S608  linted names
        f" (PARTITION BY {keys} ORDER BY file_row_number) AS nth FROM file SEMI JOIN repeated USING ({keys}))"
        " WHERE nth = 2 ORDER BY number LIMIT 1"
    ).fetchall()[0]
    return row, str(tuple(values))
