"""`lakeflow validate` and `lakeflow check`: contracts and audits in one answer."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from lakeflow.cli.main import app
from lakeflow.partition import Partition

ROOT = Path(__file__).parents[2]
CHOICE = ("--layer", "silver", "--product-type", "future_mbo", "--dt", "2026-01-06")
FLOW = Partition("silver.future_mbo.flow", "ESH6", "2026-01-06")


@pytest.fixture
def validated(lake):
    """The exit code and the answer of `lakeflow validate`."""

    def run(*words: str) -> tuple[int, dict]:
        done = CliRunner().invoke(
            app, ["validate", *words, "--project", str(ROOT), "--lake", str(lake), "--json"]
        )
        return done.exit_code, json.loads(done.stdout)

    return run


def test_a_whole_day_is_valid_and_says_how_much_was_asked(validated):
    code, answer = validated(*CHOICE)
    assert (code, answer["complaints"]) == (0, [])
    assert answer["audits"] > 20


def test_what_no_contract_can_see_is_an_error_with_its_first_row(validated, harm):
    harm(FLOW, lambda rows: rows.with_columns(pl.col("depth_start", "depth_end") + 1))
    code, answer = validated(*CHOICE)
    (told,) = [each for each in answer["complaints"] if each["rule"] == "flow.goes_on"]
    assert code == 4
    assert told["dataset"] == FLOW.dataset
    assert "first at ts_second 2026-01-06 00:00:00" in told["found"]


def test_check_counts_the_audits_of_the_project():
    done = CliRunner().invoke(app, ["check", "--project", str(ROOT), "--json"])
    assert json.loads(done.stdout)["check"]["audits"] > 40


def test_a_project_may_bring_audits_of_its_own(toy):
    check = """import polars as pl


def is_red(prices: pl.LazyFrame) -> pl.LazyFrame:
    return prices.select(at=pl.format("seq {}", "seq"), expected=pl.lit("none"), found=pl.lit("some"))
"""
    delivery = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"
    own = {"audits/__init__.py": '"""Audits."""\n', "audits/prices.py": check, delivery: "1 5\n"}
    root = toy({**own, "audits.yaml": "silver.toy.scale: [audits.prices.is_red]\n"})
    assert CliRunner().invoke(app, ["run", "--workers", "1", "--project", str(root)]).exit_code == 0
    done = CliRunner().invoke(app, ["validate", "--project", str(root)])
    assert (done.exit_code, "1 row, first at seq 1: expected none, found some" in done.stdout) == (4, True)
