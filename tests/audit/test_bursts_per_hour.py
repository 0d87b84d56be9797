"""The line of SQL that docs/market-truth.md gives for a month of bursts, asked of a simulated session."""

import json
import re
import shlex
from pathlib import Path

import pytest
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


def test_the_interval_is_nearly_garwoods():
    lo, hi = re.findall(r"(?:ELSE |END / h AS lo, )(.*?\*\* 3)", MONTH)
    n, sqrt = 5, lambda value: value**0.5
    bounds = [eval(each, {"n": n, "sqrt": sqrt}) for each in (lo, hi)]
    assert bounds == pytest.approx([1.6235, 11.6683], rel=0.01)
