"""The files of a toy project where a test says nothing else: lines of text, split and scaled."""

import json

from lakeflow.avsc import field, record
from lakeflow.promises import REJECT_COLUMNS

DATASETS = """\
products:
  toy: {calendar: ALWAYS, symbols: "(?P<parent>[A-Z]+)[0-9]*"}

datasets:
  raw.toy.vendor: {describe: stages.bronze.lines.describe}
  bronze.toy.lines: {contract: bronze/lines, about: "One row per line delivered."}
  silver.toy.prices: {contract: silver/prices, about: "Every price, times a number."}

stages:
  bronze.toy.split:
    run: stages.bronze.lines.split
    reads: {files: raw.toy.vendor}
    makes: {lines: bronze.toy.lines}
  silver.toy.scale:
    run: stages.silver.prices.scale
    reads: {lines: bronze.toy.lines}
    makes: {prices: silver.toy.prices}
    params: {times: 10}
"""
LINES = '''\
"""Lines of text, each a number and a price, as rows."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl


def describe(path: Path) -> list[tuple[str, str, str]]:
    symbol, dt = path.stem.split("_")  # A1_2026-01-06.txt
    return [("toy", symbol, dt)]


def split(files: Sequence[Path]) -> pl.DataFrame:
    rows = [tuple(map(int, line.split())) for file in files for line in file.read_text().splitlines()]
    return pl.DataFrame(rows, schema={"seq": pl.Int64, "price": pl.Int64}, orient="row")
'''
PRICES = '''\
"""Prices, scaled."""

import polars as pl


def scale(lines: pl.DataFrame, times: int) -> pl.DataFrame:
    return lines.with_columns(price=pl.col("price") * times)
'''
MAY_LACK = ("symbol_found", "file", "byte_offset", "row")
PACKAGES = ("stages", "stages/bronze", "stages/silver", "filters", "selection")
DEFAULTS = {
    **{f"{folder}/__init__.py": f'"""The {folder} of a toy."""\n' for folder in PACKAGES},
    **{
        f"contracts/{name}.avsc": json.dumps(
            record(name, [field("seq", "long"), field("price", "long")], key=["seq"], sort=["seq"])
        )
        for name in ("bronze/lines", "silver/prices")
    },
    "contracts/silver/rejects.avsc": json.dumps(
        record(
            "silver/rejects",
            [field(n, ["null", t] if n in MAY_LACK else t) for n, t in REJECT_COLUMNS.items()],
        )
    ),
    "datasets.yaml": DATASETS,
    "stages/bronze/lines.py": LINES,
    "stages/silver/prices.py": PRICES,
}
