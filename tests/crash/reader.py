"""A reader that hammers a lake: it opens the same globs over and over, and says what it saw when told to stop.

Usage: reader.py ENGINE LAKE STOP_FILE GROWTH. Every row of the table holds the number of its generation, and generation g has
100 + g * growth rows: rows of two generations, or another count, are a mixed read.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

KEYS = "silver/product_type=*/symbol=*/table=*/dt=*/*.parquet"


def main() -> None:
    engine, lake, stop, growth = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    read = READERS[engine](lake)
    read()
    print("ready", flush=True)
    seen = {"reads": 0, "mixed": 0, "failed": 0, "errors": []}
    while not stop.exists():
        try:
            numbers = read()
        except BaseException as error:  # noqa: BLE001  a Rust panic is no Exception
            seen["failed"] += 1
            seen["errors"].append(repr(error)[:200])
            continue
        seen["reads"] += 1
        seen["mixed"] += len(set(numbers)) != 1 or len(numbers) != 100 + growth * numbers[0]
    print(json.dumps(seen))


def by_duckdb(lake: Path) -> Callable[[], list[int]]:
    import duckdb

    con = duckdb.connect()
    return lambda: [
        row[0] for row in con.execute(f"SELECT price FROM read_parquet('{lake}/{KEYS}')").fetchall()
    ]


def by_duckdb_anywhere(lake: Path) -> Callable[[], list[int]]:
    import duckdb

    con = duckdb.connect()
    return lambda: [
        row[0] for row in con.execute(f"SELECT price FROM read_parquet('{lake}/**/*.parquet')").fetchall()
    ]


def by_polars(lake: Path) -> Callable[[], list[int]]:
    import polars as pl

    return lambda: pl.scan_parquet(f"{lake}/{KEYS}").collect()["price"].to_list()  # noqa: PLW0108  it must be read anew each time


def by_pyarrow(lake: Path) -> Callable[[], list[int]]:
    import pyarrow.dataset as ds

    return lambda: (
        ds.dataset(str(lake / "silver"), partitioning="hive").to_table().column("price").to_pylist()
    )


def by_lakeflow(lake: Path) -> Callable[[], list[int]]:
    import lakeflow

    project = lakeflow.open(lake.parent)
    return lambda: project["silver.toy.prices"].frame["price"].to_list()  # noqa: PLW0108  it must be read anew each time


def by_lakeflow_sql(lake: Path) -> Callable[[], list[int]]:
    import lakeflow

    project = lakeflow.open(lake.parent)
    return lambda: project.sql("SELECT price FROM silver.toy.prices")["price"].to_list()  # noqa: PLW0108  it must be read anew each time


READERS = {
    "lakeflow": by_lakeflow,
    "lakeflow_sql": by_lakeflow_sql,
    "duckdb": by_duckdb,
    "duckdb_anywhere": by_duckdb_anywhere,
    "polars": by_polars,
    "pyarrow": by_pyarrow,
}

if __name__ == "__main__":
    main()
