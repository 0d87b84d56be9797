"""What stands on a step that failed: a window that can do without is made of the rest, all else is skipped."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lakeflow.avsc import field, record
from lakeflow.execution import Terms, execute
from lakeflow.project import open_project
from lakeflow.request import Request
from lakeflow.summary import Summary

DAYS = ("2026-01-05", "2026-01-06", "2026-01-07")
ADD = '''\
"""Prices of some days, added up."""

import polars as pl


def add(lines: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    known = 0 if before is None else before["total"].sum()
    return pl.DataFrame({"total": [known + lines["price"].sum()]}, {"total": pl.Int64})
'''
Files = Callable[[dict[str, str]], Path]


@pytest.fixture
def window(toy: Files) -> Callable[..., Path]:
    """A toy whose gold adds up a window of bronze; a price of `x` is a delivery that no stage can read."""

    def write(prices: dict[str, str], reads: str, datasets: str) -> Path:
        gold = (
            f"  gold.toy.add:\n    run: stages.gold.add.add\n    reads: {{{reads}}}\n"
            "    makes: {total: gold.toy.total}\n"
        )
        dated = datasets.replace("stages:\n", "  gold.toy.total: {contract: gold/total}\n\nstages:\n")
        files = {
            "datasets.yaml": dated + gold,
            "stages/gold/__init__.py": '"""Gold."""\n',
            "stages/gold/add.py": ADD,
            "contracts/gold/total.avsc": json.dumps(record("gold/total", [field("total", "long")])),
        }
        return toy(files | {delivery(dt): f"1 {price}\n" for dt, price in prices.items()})

    return write


def delivery(dt: str) -> str:
    return f"lake/raw/source=vendor/product_type=toy/symbol=A1/dt={dt}/lines.txt"


def run(root: Path, workers: int = 1) -> Summary:
    with open_project(root) as project:
        return execute(project, Request(frozenset(project.catalog.datasets)), Terms(workers=workers))


def of_gold(summary: Summary) -> dict[str, str]:
    return {done.key.dt: done.state for done in summary.done if done.key.stage == "gold.toy.add"}


def totals(root: Path) -> dict[str, int]:
    with open_project(root) as project:
        rows = project["gold.toy.total"].frame.rows(named=True)
    return {str(row["dt"]): row["total"] for row in rows}


TOLERANT = "lines: {dataset: bronze.toy.lines, days: [-1, 0], min: 1}, before: {dataset: gold.toy.total, days: [-1, -1], min: 0}"
HISTORY = "lines: {dataset: bronze.toy.lines, days: [0, 0], min: 0}, before: {dataset: gold.toy.total, previous: self}"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_window_that_can_do_without_a_failed_day_is_made_of_the_others(window, datasets, workers):
    root = window(dict(zip(DAYS, ("1", "x", "4"), strict=True)), TOLERANT, datasets)
    summary = run(root, workers)
    assert summary.code == 3
    assert of_gold(summary) == {
        "2026-01-05": "committed",
        "2026-01-06": "committed",
        "2026-01-07": "committed",
    }
    assert totals(root) == {"2026-01-05": 1, "2026-01-06": 2, "2026-01-07": 6}


def test_a_day_that_is_mended_is_made_and_so_is_what_had_to_do_without_it(window, toy, datasets):
    root = window(dict(zip(DAYS, ("1", "x", "4"), strict=True)), TOLERANT, datasets)
    run(root)
    toy({delivery(DAYS[1]): "1 2\n"})
    assert run(root).code == 0
    fresh = {"2026-01-05": 1, "2026-01-06": 1 + 3, "2026-01-07": 4 + 6}
    assert totals(root) == fresh


def test_a_window_that_needs_every_day_is_skipped_with_what_failed(window, datasets):
    strict = TOLERANT.replace("min: 1", "min: 2")
    summary = run(window(dict(zip(DAYS, ("1", "x", "4"), strict=True)), strict, datasets))
    assert of_gold(summary) == {"2026-01-06": "skipped", "2026-01-07": "skipped"}
    assert {d.reason for d in summary.in_state("skipped") if d.key.stage == "gold.toy.add"} == {
        "bronze.toy.split A1 2026-01-06 did not succeed"
    }


def test_an_older_generation_of_what_failed_is_neither_used_nor_taken_for_absent(window, toy, datasets):
    root = window(dict(zip(DAYS, ("1", "2", "4"), strict=True)), TOLERANT, datasets)
    run(root)
    before = totals(root)
    toy({delivery(DAYS[1]): "1 x\n"})
    assert run(root).code == 3
    assert totals(root) == before


def test_a_history_does_not_begin_anew_after_a_day_that_failed(window, toy, datasets):
    root = window(dict(zip(DAYS, ("1", "2", "4"), strict=True)), HISTORY, datasets)
    toy({"stages/gold/add.py": ADD.replace("    known", '    assert lines["price"].sum() != 2\n    known')})
    summary = run(root)
    assert of_gold(summary) == {"2026-01-05": "committed", "2026-01-06": "failed", "2026-01-07": "skipped"}
    assert totals(root) == {"2026-01-05": 1}


@pytest.fixture
def datasets() -> str:
    return """\
products:
  toy: {calendar: ALWAYS, symbols: "(?P<parent>[A-Z]+)[0-9]*"}

datasets:
  raw.toy.vendor: {describe: stages.bronze.lines.describe}
  bronze.toy.lines: {contract: bronze/lines, about: "One row per line delivered."}

stages:
  bronze.toy.split:
    run: stages.bronze.lines.split
    reads: {files: raw.toy.vendor}
    makes: {lines: bronze.toy.lines}
"""
