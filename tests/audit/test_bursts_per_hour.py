"""The line of SQL that docs/market-truth.md gives for a month of bursts, asked of a simulated session."""

import json
import re
import shlex
from pathlib import Path

import duckdb
import pytest
from scipy import stats
from typer.testing import CliRunner

from lakeflow.cli.main import app

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "market-truth.md"
[MONTH] = re.findall(r'^lakeflow (query ".*BETWEEN.*")$', PAGE.read_text(), re.MULTILINE)


def asked(made, line):
    words = ["--project", str(ROOT), "--lake", str(made), "--format", "json"]
    done = CliRunner().invoke(app, [*shlex.split(line), *words])
    assert done.exit_code == 0, done.output
    return {row["tod"]: row for row in json.loads(done.output)["rows"]}


def test_every_part_of_the_day_has_its_hours_and_an_interval(made):
    found = asked(made, MONTH)
    assert (
        len(found) == 9
    )  # in the few hours of 23 in which the book is not valid nothing could have been seen
    assert 18 < sum(row["hours_seen"] for row in found.values()) < 23
    assert all(row["lo"] <= row["per_hour"] <= row["hi"] for row in found.values())


def test_it_counts_the_contract_chosen_and_no_other_root(made):
    assert asked(made, MONTH.replace("'ES'", "'NQ'")) == {}


def test_the_interval_is_within_a_hundredth_of_garwoods():
    lo, hi = re.search(r"per_hour, (coalesce.*) / h AS lo, (.*) / h AS hi", MONTH).groups()
    for n, low, high in duckdb.sql(
        f"SELECT n, {lo}, {hi} FROM (SELECT range::DOUBLE AS n FROM range(200))"
    ).fetchall():
        exact = stats.chi2.ppf(0.025, 2 * n) / 2 if n else 0
        assert low == pytest.approx(exact, rel=0.01)
        assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * n + 2) / 2, rel=0.01)
