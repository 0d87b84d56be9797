"""Windows: which days a step reads, and what it sees of them."""

import pytest

from lakeflow.errors import ConfigError
from lakeflow.project import open_project

LINES = "bronze.toy.lines"
TUESDAY = "2026-01-06"


WINDOW = {"lines": f"{{dataset: {LINES}, map: session_window}}"}


def test_every_symbol_of_a_session_window_says_its_symbol_and_no_date(lake, said, go):
    reads = {"all": f'{{dataset: {LINES}, map: session_window, symbol: "*", min: 1}}'}
    root = lake(reads, {"A1": ["2026-01-05", TUESDAY], "B2": [TUESDAY]}, symbol="ALL")
    go(root, first=TUESDAY, last=TUESDAY)
    assert said(root) == {"ALL 2026-01-06": ["all A1 5", "all A1 6", "all B2 6"]}


@pytest.mark.parametrize(
    ("session", "days"),
    [
        ("2026-01-06", ["2026-01-05", "2026-01-06"]),
        ("2026-01-05", ["2026-01-04", "2026-01-05"]),  # Monday's began on Sunday
        ("2026-01-02", ["2026-01-01", "2026-01-02"]),  # the day after a holiday began on it
        ("2026-03-09", ["2026-03-08", "2026-03-09"]),  # the clock in Chicago was changed on the Sunday
        ("2026-11-02", ["2026-11-01", "2026-11-02"]),
    ],
)
def test_a_session_window_is_the_utc_days_that_the_session_lies_on(session, days, lake, said, go):
    root = lake(WINDOW, {"A1": days})
    go(root)
    assert said(root) == {f"A1 {session}": [f"lines {int(dt[-2:])}" for dt in days]}


def test_a_session_is_made_when_all_its_utc_days_are_there(lake, said, deliver, go):
    root = lake(WINDOW, {"A1": [TUESDAY]})
    missing = [(str(m.key), m.why) for m in go(root)[1].missing]
    assert said(root) == {}
    assert missing == [
        ("gold.toy.tell A1 2026-01-06", "gold.toy.tell A1 2026-01-06: lines: expected at least 2 partitions of bronze.toy.lines, found 1: raw.toy.vendor A1 2026-01-05 is not delivered (lakeflow raw add FILE...)"),
        ("gold.toy.tell A1 2026-01-07", "gold.toy.tell A1 2026-01-07: lines: expected at least 2 partitions of bronze.toy.lines, found 1: raw.toy.vendor A1 2026-01-07 is not delivered (lakeflow raw add FILE...)"),
    ]  # fmt: skip
    deliver("A1", "2026-01-05")
    go(root)
    assert said(root) == {"A1 2026-01-06": ["lines 5", "lines 6"]}


def days(first: int, last: int, least: str = "") -> dict[str, str]:
    return {
        "now": f"{{dataset: {LINES}, map: session_window, min: 1}}",
        "past": f"{{dataset: {LINES}, days: [{first}, {last}]{least}}}",
    }


def test_a_window_counts_sessions_by_the_calendar_and_says_the_date_of_each_row(lake, said, go):
    weeks = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05", "2026-01-06"]
    root = lake(days(-2, -1), {"A1": weeks})
    go(root, first=TUESDAY, last=TUESDAY)
    assert said(root) == {"A1 2026-01-06": ["now 5", "now 6", "past 2026-01-02 2", "past 2026-01-05 5"]}


def test_a_window_that_ends_today_has_today(lake, said, go):
    root = lake({"lines": f"{{dataset: {LINES}, days: [-1, 0]}}"}, {"A1": ["2026-01-05", TUESDAY]})
    go(root)
    assert said(root) == {"A1 2026-01-06": ["lines 2026-01-05 5", "lines 2026-01-06 6"]}


def test_a_window_is_never_filled_from_older_days_of_the_lake(lake, said, go):
    old = ["2025-12-30", "2025-12-31", "2026-01-02"]
    root = lake({"lines": f"{{dataset: {LINES}, days: [-2, 0]}}"}, {"A1": [*old, TUESDAY]})
    _, summary = go(root, first=TUESDAY, last=TUESDAY)
    assert said(root) == {}
    assert "lines: expected at least 3 partitions of bronze.toy.lines, found 2" in summary.missing[0].why


def test_a_window_with_a_least_count_does_with_fewer_days(lake, said, go):
    reads = {"lines": f"{{dataset: {LINES}, days: [-2, 0], min: 2}}"}
    root = lake(reads, {"A1": ["2026-01-02", TUESDAY]})
    go(root, first=TUESDAY, last=TUESDAY)
    assert said(root) == {"A1 2026-01-06": ["lines 2026-01-02 2", "lines 2026-01-06 6"]}


def test_an_optional_window_may_be_empty(lake, said, go):
    root = lake(days(-2, -1, ", min: 0"), {"A1": [TUESDAY]})
    go(root, first=TUESDAY, last=TUESDAY)
    assert said(root) == {"A1 2026-01-06": ["now 6"]}


def test_a_window_named_first_does_not_say_which_steps_there_are(lake, said, go):
    reads = {
        "past": f"{{dataset: {LINES}, days: [-1, -1], min: 0}}",
        "it": f"{{dataset: {LINES}, days: [0, 0]}}",
    }
    root = lake(reads, {"A1": ["2026-01-05", TUESDAY]})
    go(root)
    assert sorted(said(root)) == ["A1 2026-01-05", "A1 2026-01-06"]


@pytest.mark.parametrize("symbol", ["A1", "ALL"])
def test_what_reads_earlier_sessions_alone_is_made_for_the_session_after_the_last(symbol, lake, said, go):
    whose = "same" if symbol == "A1" else '"*"'
    reads = {"past": f"{{dataset: {LINES}, days: [-2, -1], symbol: {whose}}}"}
    root = lake(
        reads,
        {"A1": ["2026-01-01", "2026-01-02", "2026-01-05"]},
        symbol=symbol if symbol == "ALL" else "",
    )
    go(root)
    assert list(said(root)) == [f"{symbol} 2026-01-06"]


@pytest.mark.parametrize("window", ["[-1, 1]", "[1, 2]"])
def test_looking_ahead_is_refused_at_load(window, lake):
    with pytest.raises(ConfigError, match="no session after the step's own"):
        open_project(lake({"lines": f"{{dataset: {LINES}, days: {window}}}"}, {}))


def test_every_day_of_a_window_over_every_symbol_has_one(lake, go):
    reads = {"all": f'{{dataset: {LINES}, days: [-1, 0], symbol: "*"}}'}
    root = lake(reads, {"A1": ["2026-01-02"], "B1": [TUESDAY]}, symbol="ALL")
    missing = [m.why for m in go(root, first=TUESDAY)[1].missing]
    assert missing == [
        "gold.toy.tell ALL 2026-01-06: all: expected a symbol of bronze.toy.lines on 2026-01-05, found none"
    ]


def test_a_window_of_a_day_without_session_is_said_to_have_none(lake, go):
    reads = {"now": LINES, "past": f"{{dataset: {LINES}, days: [-2, -1]}}"}
    root = lake(reads, {"A1": ["2026-01-04"]}, kind="utc_date")
    [missing] = go(root)[1].missing
    assert missing.why.endswith(
        "past: expected a session with all of its window in the calendar, found none on 2026-01-04"
    )


LATE = {"it": f"{{dataset: {LINES}, days: [0, 0], min: 0, late: 1}}"}


def test_a_day_is_made_without_the_next_and_anew_when_that_comes(lake, said, deliver, go, plan):
    root = lake(LATE, {"A1": [TUESDAY]}, kind="utc_date")
    go(root)
    assert said(root) == {"A1 2026-01-06": ["it 2026-01-06 6"]}
    deliver("A1", "2026-01-07")
    go(root, first=TUESDAY, last=TUESDAY)
    assert said(root) == {"A1 2026-01-06": ["it 2026-01-06 6", "it 2026-01-07 7"]}
    assert plan(root, first=TUESDAY, last=TUESDAY) == []


def test_a_day_that_tells_late_leads_to_no_day_of_its_own(lake, said, go):
    root = lake(LATE, {"A1": ["2026-01-07"]}, kind="utc_date")
    go(root)
    assert list(said(root)) == ["A1 2026-01-07"]


@pytest.mark.parametrize("window", ["days: [-1, -1], min: 0, late: 1", "late: 1", "days: [0, 0], late: 1"])
def test_what_is_told_late_goes_on_from_the_day_itself_and_is_not_waited_for(window, lake):
    with pytest.raises(
        ConfigError, match="late: expected a window of the same symbol up to the step's own day"
    ):
        open_project(lake({"lines": f"{{dataset: {LINES}, {window}}}"}, {}, kind="utc_date"))


def test_what_is_told_late_is_of_utc_dates_and_within_a_week(lake):
    late = "{dataset: LINES, days: [0, 0], min: 0, late: 8}".replace("LINES", LINES)
    with pytest.raises(ConfigError, match="a count of days from 0 to 7"):
        open_project(lake({"lines": late}, {}, kind="utc_date"))
