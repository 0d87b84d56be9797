"""A toy whose last stage tells in words what it reads: how it is made, what it said, and what is planned of it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lakeflow.avsc import field, record
from lakeflow.project import open_project
from lakeflow.request import Request

REGISTRY = """\
products:
  toy: {calendar: CME_EQ, symbols: "(?P<parent>(?P<underlying>[A-Z])[A-Z]*)[0-9]*"}

datasets:
  raw.toy.vendor: {describe: stages.bronze.lines.describe}
  bronze.toy.lines: {contract: bronze/lines}
  gold.toy.told: {contract: gold/told, dt_kind: KIND}

stages:
  bronze.toy.split:
    run: stages.bronze.lines.split
    reads: {files: raw.toy.vendor}
    makes: {lines: bronze.toy.lines}
  gold.toy.tell:
    run: stages.gold.tell.tell
    reads: {READS}
    makes: {told: gold.toy.told}
    SYMBOL
"""
TELL = '''\
"""Every row read, in words: the name of the read, the symbol and the date that it says, and what it holds."""

import polars as pl


def tell(ARGUMENTS) -> pl.DataFrame:
    reads = {NAMES}
    words = [
        [name, row.get("symbol"), row.get("dt"), row.get("price", row.get("said"))]
        for name, frame in reads.items()
        for row in ([{"said": "nothing"}] if frame is None else frame.iter_rows(named=True))
    ]
    return pl.DataFrame({"said": [" ".join(str(w) for w in row if w is not None) for row in words]}, {"said": pl.String})
'''


@pytest.fixture
def deliver(toy) -> Callable[[str, str], Path]:
    """Deliver one line of a symbol and a day; its price is the day of the month."""

    def add(symbol: str, dt: str) -> Path:
        return toy(delivery(symbol, dt))

    return add


@pytest.fixture
def lake(toy) -> Callable[..., Path]:
    """A toy whose last stage reads as it is told, with deliveries of some symbols and days."""

    def make(
        reads: dict[str, str], given: dict[str, list[str]], kind: str = "session_date", symbol: str = ""
    ) -> Path:
        raw = {
            name: text for s, days in given.items() for dt in days for name, text in delivery(s, dt).items()
        }
        return toy(project(reads, kind, symbol) | raw)

    return make


def delivery(symbol: str, dt: str) -> dict[str, str]:
    return {
        f"lake/raw/source=vendor/product_type=toy/symbol={symbol}/dt={dt}/lines.txt": f"1 {int(dt[-2:])}\n"
    }


def project(reads: dict[str, str], kind: str, symbol: str) -> dict[str, str]:
    entries = ", ".join(f"{name}: {entry}" for name, entry in reads.items())
    arguments = ", ".join(f"{name}: pl.DataFrame | None" for name in reads)
    names = ", ".join(f'"{name}": {name}' for name in reads)
    words = {"READS": entries, "KIND": kind, "SYMBOL": f"symbol: {symbol}" if symbol else ""}
    return {
        "datasets.yaml": replaced(REGISTRY, words),
        "stages/gold/__init__.py": '"""Gold."""\n',
        "stages/gold/tell.py": replaced(TELL, {"ARGUMENTS": arguments, "NAMES": names}),
        "contracts/gold/told.avsc": json.dumps(record("gold/told", [field("said", "string")])),
    }


def replaced(text: str, words: dict[str, str]) -> str:
    for old, new in words.items():
        text = text.replace(old, new)
    return text


@pytest.fixture
def said() -> Callable[[Path], dict[str, list[str]]]:
    """What each step of the last stage said, by symbol and date."""

    def look(root: Path) -> dict[str, list[str]]:
        with open_project(root) as opened:
            table = opened["gold.toy.told"]
            return {
                f"{p.symbol} {p.dt}": table.scan(symbol=p.symbol, dt=p.dt).collect()["said"].to_list()
                for p in table.partitions()
            }

    return look


@pytest.fixture
def plan() -> Callable[..., list[tuple[str, str, str]]]:
    """Every step that a request would take: its key, what is done and why."""

    def look(root: Path, **wanted: str) -> list[tuple[str, str, str]]:
        with open_project(root) as opened:
            steps = opened.planner(Request(frozenset(opened.catalog.datasets), **wanted)).steps()
            return [(str(step.key), step.action, step.reason) for step in steps]

    return look
