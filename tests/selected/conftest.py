"""A toy with a selection, deliveries of its parent E, and what the command says and makes of it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lakeflow.avsc import field, record
from lakeflow.cli.main import app
from lakeflow.errors import LakeflowError

REGISTRY = """\
products:
  toy:
    calendar: CME_EQ
    symbols: "(?P<parent>[A-Z]+)[0-9]+"
    selected_by: selection.toy.pick

datasets:
  raw.toy.vendor: {describe: stages.bronze.lines.describe}
  bronze.toy.lines: {contract: bronze/lines}
  bronze.toy.days: {contract: bronze/days}
  silver.toy.prices: {contract: silver/prices}
  silver.toy.seen: {contract: bronze/lines, dt_kind: session_date, clipped: true}
  gold.toy.day: {contract: bronze/lines}
  selection.toy.pick: {contract: selection/pick}
  selection.toy.skipped: {contract: selection/skipped}

stages:
  bronze.toy.split:
    run: stages.bronze.lines.split
    reads: {files: raw.toy.vendor}
    makes: {days: bronze.toy.days, lines: bronze.toy.lines}
    fans_out: [lines]
  silver.toy.scale:
    run: stages.silver.prices.scale
    reads: {lines: bronze.toy.lines}
    makes: {prices: silver.toy.prices}
    params: {times: 10}
  silver.toy.look:
    run: stages.silver.seen.seen
    reads:
      days: {dataset: bronze.toy.days, map: session_window, min: 1}
      lines: {dataset: bronze.toy.lines, symbol: children, map: session_window, min: 1}
    makes: {seen: silver.toy.seen}
  gold.toy.daily:
    run: stages.gold.day.day
    reads: {prices: {dataset: silver.toy.prices, map: session_window, min: 1}}
    makes: {day: gold.toy.day}
  selection.toy.pick:
    run: selection.pick.pick
    reads:
      seen: {dataset: silver.toy.seen, days: [0, 0], min: 0}
      before: {dataset: selection.toy.pick, previous: self}
    makes: {pick: selection.toy.pick, skipped: selection.toy.skipped}
"""
LINES = '''\
"""Lines of a symbol, a number and a price."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl


def describe(path: Path) -> list[tuple[str, str, str]]:
    symbol, dt = path.stem.split("_")
    return [("toy", symbol, dt)]


def split(files: Sequence[Path]) -> dict[str, pl.DataFrame]:
    words = [line.split() for file in files for line in file.read_text().splitlines()]
    rows = [(symbol, int(seq), int(price)) for symbol, seq, price in words]
    lines = pl.DataFrame(rows, schema={"symbol": pl.String, "seq": pl.Int64, "price": pl.Int64}, orient="row")
    return {"days": pl.DataFrame({"seq": [0]}), "lines": lines}
'''
SEEN = '''\
"""What was seen of each symbol of a parent."""

import polars as pl


def seen(days: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The number of the symbol, and the highest price."""
    return (
        lines.group_by(seq=pl.col("symbol").str.slice(1).cast(pl.Int64)).agg(pl.col("price").max()).sort("seq")
    )
'''
DAY = '''\
"""A day's prices."""

import polars as pl


def day(prices: pl.DataFrame) -> pl.DataFrame:
    return prices.select(pl.col("seq").max(), pl.col("price").max())
'''
PICK = '''\
"""The symbol with the highest price; a day that is dear is left out."""

import polars as pl

KEPT = {"selected_symbol": pl.String, "why": pl.String}


def pick(seen: pl.DataFrame, before: pl.DataFrame | None, symbol: str) -> dict[str, pl.DataFrame]:
    best = seen.sort("price", descending=True).head(1)
    dear = best.is_empty() or best["price"][0] >= 100
    rows = [(f"{symbol}{seq}", f"at {price}") for seq, price in best.select("seq", "price").iter_rows()]
    return {
        "pick": pl.DataFrame([] if dear else rows, schema=KEPT, orient="row"),
        "skipped": pl.DataFrame({"selected_symbol": ["dear"] if dear else []}, {"selected_symbol": pl.String}),
    }
'''
TEXT = field("selected_symbol", "string")
FILES = {
    "datasets.yaml": REGISTRY,
    "stages/bronze/lines.py": LINES,
    "stages/silver/seen.py": SEEN,
    "stages/gold/__init__.py": '"""Gold."""\n',
    "stages/gold/day.py": DAY,
    "selection/pick.py": PICK,
    "contracts/bronze/days.avsc": json.dumps(record("bronze/days", [field("seq", "long")])),
    "contracts/selection/pick.avsc": json.dumps(record("selection/pick", [TEXT, field("why", "string")])),
    "contracts/selection/skipped.avsc": json.dumps(record("selection/skipped", [TEXT])),
}


@pytest.fixture
def lake(toy) -> Callable[..., Path]:
    """A toy with deliveries of E: what each line says of a day, as `E1 0 5`."""

    def make(days: dict[str, list[str]], **files: str) -> Path:
        raw = {
            f"lake/raw/source=vendor/product_type=toy/symbol=E/dt={dt}/lines.txt": "\n".join(lines) + "\n"
            for dt, lines in days.items()
        }
        return toy(FILES | raw | files)

    return make


@pytest.fixture
def command() -> Callable[..., tuple[int, str]]:
    """The exit code and all that is said, a refusal's message included, as `main` would end it."""

    def run(root: Path, *words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, [*words, "--project", str(root)])
        if isinstance(result.exception, LakeflowError):
            return result.exception.code, f"{result.output}{result.exception}"
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return run


@pytest.fixture
def held() -> Callable[[Path, str], list[str]]:
    """The partitions of a table, as symbol and date."""

    def look(root: Path, table: str) -> list[str]:
        layer, product, name = table.split(".")
        found = root.glob(f"lake/{layer}/product_type={product}/symbol=*/table={name}/dt=*/part-0.parquet")
        return sorted(" ".join(part.partition("=")[2] for part in (p.parts[-4], p.parts[-2])) for p in found)

    return look


@pytest.fixture(scope="session")
def registry() -> str:
    """The toy's datasets.yaml, for tests that write it otherwise."""
    return REGISTRY
