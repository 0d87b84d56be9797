"""What a delivery no longer holds goes, and all that was made from it; nothing else does."""

from lakeflow.execution import Terms, execute
from lakeflow.project import open_project
from lakeflow.request import Request

RAW = "lake/raw/source=vendor/product_type=toy/symbol=A/dt=2026-01-06/lines.txt"
SPLIT = """
import polars as pl
from collections.abc import Sequence
from pathlib import Path


def describe(path: Path) -> list[object]:
    return []


def split(files: Sequence[Path]) -> dict[str, pl.DataFrame]:
    words = [line.split() for file in files for line in file.read_text().splitlines()]
    rows = [(symbol, seq, int(price)) for seq, (symbol, price) in enumerate(words)]
    frame = pl.DataFrame(rows, schema={"symbol": pl.String, "seq": pl.Int64, "price": pl.Int64}, orient="row")
    return {"lines": frame, "all": frame.drop("symbol")}


def total(prices: pl.DataFrame) -> pl.DataFrame:
    return prices.select(seq=pl.lit(0, pl.Int64), price=pl.col("price").sum())
"""
EDITS = {
    "makes: {lines: bronze.toy.lines}": "makes: {all: bronze.toy.every, lines: bronze.toy.lines}\n    fans_out: [lines]",
    "  silver.toy.prices: {": "  bronze.toy.every: {contract: bronze/lines}\n"
    "  silver.toy.total: {contract: silver/prices}\n  silver.toy.prices: {",
}
TOTAL = """
  silver.toy.total:
    run: stages.bronze.lines.total
    reads: {prices: {dataset: silver.toy.prices, symbol: "*"}}
    makes: {total: silver.toy.total}
    symbol: ALL
"""


def test_a_contract_that_is_no_longer_delivered_is_in_no_table_and_no_total(toy):
    root = toy({"stages/bronze/lines.py": SPLIT, RAW: "A1 1\nA2 10\n"})
    registry = (root / "datasets.yaml").read_text()
    for old, new in EDITS.items():
        registry = registry.replace(old, new)
    toy({"datasets.yaml": registry + TOTAL})
    project = open_project(root)
    execute(project, Request(frozenset(project.catalog.datasets)), Terms(workers=1))
    assert project["silver.toy.total"].frame["price"].to_list() == [110]
    toy({RAW: "A1 1\n"})
    summary = execute(project, Request(frozenset(project.catalog.datasets)), Terms(workers=1))
    assert [str(d.key) for d in summary.in_state("removed")] == ["silver.toy.scale A2 2026-01-06"]
    assert project["silver.toy.total"].frame["price"].to_list() == [10]
    assert {p.symbol for p in project["silver.toy.prices"].partitions()} == {"A1"}
    again = execute(project, Request(frozenset(project.catalog.datasets)), Terms(workers=1))
    assert again.done == []
