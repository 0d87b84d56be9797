"""Steps that fail: what they cost, what they leave as it was, and what the next run makes of it."""

import json

import pytest

from lakeflow.avsc import field, record
from lakeflow.summary import Summary

A1 = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"


A1_NEXT = A1.replace("01-06", "01-07")


def states(summary: Summary) -> list[tuple[str, str]]:
    return [(str(done.key), done.state) for done in summary.done]


def test_a_step_that_fails_stops_only_what_stands_on_it(toy, go):
    root = toy({A1: "1 not-a-number\n", A1_NEXT: "1 100\n"})
    _, summary = go(root)
    assert states(summary) == [
        ("bronze.toy.split A1 2026-01-06", "failed"),
        ("bronze.toy.split A1 2026-01-07", "committed"),
        ("silver.toy.scale A1 2026-01-07", "committed"),
        ("silver.toy.scale A1 2026-01-06", "skipped"),
    ]
    assert summary.code == 3
    assert "not-a-number" in summary.in_state("failed")[0].error


def test_a_mended_delivery_is_the_only_thing_made_by_the_next_run(toy, go):
    root = toy({A1: "1 not-a-number\n", A1_NEXT: "1 100\n"})
    go(root)
    toy({A1: "1 5\n"})
    _, summary = go(root)
    assert {done.key.dt for done in summary.done} == {"2026-01-06"}
    assert summary.code == 0


def test_a_broken_contract_leaves_nothing_behind(toy, go):
    root = toy({A1: "2 100\n1 100\n"})
    _, summary = go(root)
    assert summary.code == 4
    assert "seq" in summary.in_state("failed")[0].error
    assert not list((root / "lake").rglob("*.parquet"))
    assert not list((root / "lake/.lakeflow/staging").iterdir())


def test_a_failed_remake_harms_nothing_that_was_committed(toy, go):
    root = toy({A1: "1 100\n"})
    project, _ = go(root)
    before = project["bronze.toy.lines"].files()[0].read_bytes()
    toy({A1: "1 oops\n"})
    project, summary = go(root)
    assert summary.code == 3
    assert project["bronze.toy.lines"].files()[0].read_bytes() == before


def test_a_worker_that_dies_costs_its_own_step(toy, go):
    stage = """
import os, signal
import polars as pl

def scale(lines: pl.DataFrame, times: int, symbol: str) -> pl.DataFrame:
    if symbol == "A2":
        os.kill(os.getpid(), signal.SIGKILL)
    return lines
"""
    text = "1 100\n"
    root = toy(
        {
            A1: text,
            A1.replace("A1", "A2"): text,
            A1.replace("A1", "A3"): text,
            "stages/silver/prices.py": stage,
        }
    )
    yaml = (root / "datasets.yaml").read_text()
    toy({"datasets.yaml": yaml.replace("params: {times: 10}", "params: {times: 10}\n    retries: 0")})
    _, summary = go(root, workers=2)
    assert [str(d.key) for d in summary.in_state("failed")] == ["silver.toy.scale A2 2026-01-06"]
    assert "SIGKILL" in summary.in_state("failed")[0].error
    assert len(summary.in_state("committed")) == 5


def test_rows_lost_by_a_stage_that_accounts_for_rows_are_an_error(toy, go):
    root = toy({A1: "1 100\n2 200\n"})
    yaml = (root / "datasets.yaml").read_text()
    loses = "import polars as pl\n\ndef scale(lines: pl.DataFrame, times: int) -> pl.DataFrame:\n    return lines.head(1)\n"
    toy(
        {
            "datasets.yaml": yaml.replace("params: {times: 10}", "params: {times: 10}\n    accounts: rows"),
            "stages/silver/prices.py": loses,
        }
    )
    _, summary = go(root)
    assert "found 2 in, 1 kept and 0 rejected" in summary.in_state("failed")[0].error


@pytest.mark.parametrize(("apart", "code"), [("    apart: [notes]\n", 0), ("", 3)])
def test_a_table_apart_is_not_among_the_rows_that_are_accounted_for(toy, apart, code, go):
    notes = "\n    makes: {prices: silver.toy.prices, notes: silver.toy.notes}\n    accounts: rows\n" + apart
    yaml = (toy({A1: "1 100\n2 200\n"}) / "datasets.yaml").read_text()
    yaml = yaml.replace("\n    makes: {prices: silver.toy.prices}\n", notes)
    noted = "import polars as pl\n\ndef scale(lines: pl.DataFrame, times: int):\n    return {'prices': lines, 'notes': lines.head(1)}\n"
    about = '\n  silver.toy.notes: {contract: silver/prices, about: "Of it."}\n\nstages:'
    root = toy({"datasets.yaml": yaml.replace("\n\nstages:", about), "stages/silver/prices.py": noted})
    assert go(root)[1].code == code


def test_a_null_hides_nothing_else_that_is_wrong_with_the_rows(toy, go):
    stage = """
import polars as pl

def scale(lines: pl.DataFrame, times: int) -> pl.DataFrame:
    return pl.DataFrame({"seq": [2, 1, 1], "price": [1, -2, None]})
"""
    prices = json.dumps(
        record(
            "silver/prices", [field("seq", "long"), field("price", "long", min=0)], key=["seq"], sort=["seq"]
        )
    )
    root = toy({A1: "1 100\n", "stages/silver/prices.py": stage, "contracts/silver/prices.avsc": prices})
    _, summary = go(root)
    told = summary.in_state("failed")[0].error.splitlines()
    assert [line.removeprefix("silver.toy.prices A1 2026-01-06 ") for line in told] == [
        "price: null: expected a value in every row, found null (1 row, first at row 2)",
        "price: min: expected at least 0, found -2 (1 row, first at row 1)",
        "seq: sort: expected rows that ascend, nulls first, found (1,) after (2,) (1 row, first at row 1)",
        "seq: key: expected no row twice, found (1,) (1 row, first at row 2)",
    ]
    assert not list((root / "lake/silver").rglob("*.parquet"))
