"""Histories: steps that read what the same stage said of earlier days."""

from datetime import date, timedelta

import pytest

from lakeflow.errors import ConfigError
from lakeflow.project import open_project

LINES = "bronze.toy.lines"


TUESDAY = "2026-01-06"


HISTORY = {"it": f"{{dataset: {LINES}, days: [0, 0]}}", "old": "{dataset: gold.toy.told, previous: self}"}


def test_a_history_begins_with_nothing_and_goes_on_from_the_session_before(lake, said, go):
    root = lake(HISTORY, {"A1": ["2026-01-02", "2026-01-05", TUESDAY]})
    go(root)
    assert said(root) == {
        "A1 2026-01-02": ["it 2026-01-02 2", "old nothing"],
        "A1 2026-01-05": ["it 2026-01-05 5", "old it 2026-01-02 2", "old old nothing"],
        "A1 2026-01-06": [
            "it 2026-01-06 6",
            "old it 2026-01-05 5",
            "old old it 2026-01-02 2",
            "old old old nothing",
        ],
    }


def test_a_history_that_needs_every_day_does_not_begin_anew_after_one_that_was_not_delivered(
    lake, said, deliver, go
):
    root = lake(HISTORY, {"A1": ["2026-01-02", TUESDAY, "2026-01-07"]})
    _, summary = go(root)
    assert said(root) == {"A1 2026-01-02": ["it 2026-01-02 2", "old nothing"]}
    why = {missing.key.dt: missing.why for missing in summary.missing}
    assert (
        "expected gold.toy.told A1 2026-01-05, for its history began on 2026-01-02, found none"
        in why[TUESDAY]
    )
    assert set(why) == {TUESDAY, "2026-01-07"}
    deliver("A1", "2026-01-05")
    go(root)
    assert said(root)["A1 2026-01-07"][1:3] == ["old it 2026-01-06 6", "old old it 2026-01-05 5"]


@pytest.mark.parametrize("kind", ["session_date", "utc_date"])
def test_a_history_that_can_do_without_a_day_goes_on_over_it(kind, lake, said, go):
    reads = HISTORY | {"it": f"{{dataset: {LINES}, days: [0, 0], min: 0}}"}
    root = lake(reads, {"A1": ["2026-01-05", "2026-01-07"]}, kind)
    go(root)
    assert said(root) == {
        "A1 2026-01-05": ["it 2026-01-05 5", "old nothing"],
        "A1 2026-01-06": ["old it 2026-01-05 5", "old old nothing"],
        "A1 2026-01-07": ["it 2026-01-07 7", "old old it 2026-01-05 5", "old old old nothing"],
    }


def test_a_late_first_day_of_a_history_remakes_all_that_follows_and_the_plan_says_so_before(
    lake, said, plan, deliver, go
):
    root = lake(HISTORY, {"A1": ["2026-01-05", TUESDAY]})
    go(root)
    deliver("A1", "2026-01-02")
    assert plan(root) == [
        ("bronze.toy.split A1 2026-01-02", "make", "missing"),
        ("gold.toy.tell A1 2026-01-02", "make", "missing"),
        ("gold.toy.tell A1 2026-01-05", "make", "input changed: gold.toy.tell A1 2026-01-02 comes first"),
        ("gold.toy.tell A1 2026-01-06", "make", "input changed: gold.toy.tell A1 2026-01-05 comes first"),
    ]
    go(root)
    assert said(root)["A1 2026-01-05"] == ["it 2026-01-05 5", "old it 2026-01-02 2", "old old nothing"]
    assert plan(root) == []


OWN = "{dataset: gold.toy.told, days: [-2, -1], min: 0}"


@pytest.mark.parametrize("old", [HISTORY["old"], OWN])
def test_a_history_of_years_is_planned_from_one_day_of_it(old, lake, plan):
    year = [(date(2025, 1, 1) + timedelta(days=n)).isoformat() for n in range(365)]
    root = lake(HISTORY | {"old": old}, {"A1": year})
    steps = plan(root, first=year[-1], last=year[-1])
    sessions = [key.split()[-1] for key, _, _ in steps if key.startswith("gold")]
    assert len(sessions) == 258  # 261 weekdays, without New Year, Good Friday and Christmas
    assert sessions == sorted(sessions)
    assert steps[-1][0] == "gold.toy.tell A1 2025-12-31"


def test_one_day_of_a_window_over_own_tables_is_as_current_as_the_whole(lake, plan, go):
    weeks = [(date(2026, 1, 5) + timedelta(days=n)).isoformat() for n in range(26)]
    root = lake(HISTORY | {"old": OWN}, {"A1": weeks})
    go(root)
    assert plan(root, first=weeks[-1], last=weeks[-1]) == []


def test_steps_that_only_themselves_could_tell_are_refused(lake):
    with pytest.raises(ConfigError) as refused, open_project(lake({"old": OWN}, {})):
        pass
    assert "a read first that says which days there are" in str(refused.value)
    assert "gold.toy.tell -> gold.toy.tell" in str(refused.value)
