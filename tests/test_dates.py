"""The dates that a command names."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.dates import EVERY_DATE, Dates, Span, dates_asked, parse_dates
from lakeflow.errors import UsageError

TODAY = date(2026, 1, 20)
SESSIONS = [
    "2026-01-14",
    "2026-01-15",
    "2026-01-16",
    "2026-01-20",
]  # a weekend and a holiday lie before the last


def sessions(n: int) -> list[str]:
    return SESSIONS[-n:]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-01-06", "2026-01-06", "2026-01-06"),
        ("2026-01-05..2026-01-29", "2026-01-05", "2026-01-29"),
        ("2026-01-05 .. 2026-01-05", "2026-01-05", "2026-01-05"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-12..2026-01", "2025-12-01", "2026-01-31"),
        ("2026-01-05..", "2026-01-05", "9999-12-31"),
        ("..2026-01-05", "0001-01-01", "2026-01-05"),
        ("last 5 days", "2026-01-16", "2026-01-20"),
        ("last 1 day", "2026-01-20", "2026-01-20"),
        ("yesterday", "2026-01-19", "2026-01-19"),
        ("today", "2026-01-20", "2026-01-20"),
        ("2026-01-05..yesterday", "2026-01-05", "2026-01-19"),
    ],
)
def test_every_form_has_both_its_ends_included(text, first, last):
    dates = parse_dates(text, TODAY)
    assert dates.spans == (Span(first, last),)
    assert dates.contains(first)
    assert dates.contains(last)


def test_both_ends_of_a_range_are_among_its_days_and_nothing_beside_them_is():
    dates = parse_dates("2026-01-30..2026-02-02", TODAY)
    assert dates.days() == ["2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02"]
    assert not dates.contains("2026-01-29")
    assert not dates.contains("2026-02-03")


def test_several_forms_with_commas_overlap_without_a_day_said_twice():
    dates = parse_dates("2026-01-08, 2026-01-05..2026-01-06, 2026-01-06..2026-01-07", TODAY)
    assert dates.days() == ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"]
    assert (dates.first, dates.last) == ("2026-01-05", "2026-01-08")


def test_the_last_sessions_are_what_the_calendar_says_and_not_days():
    assert parse_dates("last 2 sessions", TODAY, sessions).days() == ["2026-01-16", "2026-01-20"]
    assert not parse_dates("last 2 sessions", TODAY, sessions).contains("2026-01-19")


def test_the_last_sessions_wait_for_the_calendar_of_each_product():
    dates = parse_dates("2026-01-02, last 1 session", TODAY)
    assert dates.resolved(sessions).days() == ["2026-01-02", "2026-01-20"]
    assert dates.resolved(lambda n: ["2026-01-18"] * n).days() == ["2026-01-02", "2026-01-18"]
    with pytest.raises(ValueError, match="not resolved"):
        dates.contains("2026-01-20")


def test_more_sessions_than_the_calendar_has_are_an_error():
    with pytest.raises(UsageError, match="last 9 sessions: expected that many in the calendar, found 4"):
        parse_dates("last 9 sessions", TODAY, sessions)


@pytest.mark.parametrize(
    "text",
    ["", "..", "tomorrow", "20260106", "2026-W02", "2026-1-6", "06.01.2026", "2026-01-06T00:00", "\u0662\u0660\u0662\u0666-01-06", "a..b",
     "last sessions", "last -5 days", "2026-01-05...2026-01-06", "2026-01-05,,2026-01-06"],
)  # fmt: skip
def test_what_is_no_date_is_told_what_is(text):
    with pytest.raises(UsageError, match=r"2026-01-05\.\.2026-01-29 \(both ends included\)"):
        parse_dates(text, TODAY)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13", "2026-13-01", "0000-01-01"])
def test_a_date_that_there_is_not_is_refused(text):
    with pytest.raises(UsageError, match=f"{text}: expected a date that there is"):
        parse_dates(text, TODAY)


def test_a_range_told_backwards_says_how_to_turn_it():
    with pytest.raises(UsageError, match=r"expected the earlier date first.*say 2026-01-05\.\.2026-01-29"):
        parse_dates("2026-01-29..2026-01-05", TODAY)


@pytest.mark.parametrize("text", ["last 0 days", "last 0 sessions"])
def test_the_last_none_of_something_is_an_error(text):
    with pytest.raises(UsageError, match="expected at least 1"):
        parse_dates(text, TODAY)


def test_sessions_cannot_be_the_end_of_a_range():
    with pytest.raises(UsageError, match="cannot be the end of a range"):
        parse_dates("2026-01-05..last 5 sessions", TODAY)


def test_open_dates_cannot_be_listed():
    with pytest.raises(UsageError, match=r"expected dates with both ends, found 2026-01-05\.\."):
        parse_dates("2026-01-05..", TODAY).days()


def test_from_and_to_give_the_same_value_as_dt():
    assert dates_asked([], "2026-01-05", "2026-01-29", TODAY) == dates_asked(
        ["2026-01-05..2026-01-29"], None, None, TODAY
    )
    assert dates_asked([], "2026-01-05", None, TODAY) == parse_dates("2026-01-05..", TODAY)
    assert dates_asked([], None, "2026-01", TODAY) == parse_dates("..2026-01-31", TODAY)
    assert dates_asked([], None, None, TODAY) == EVERY_DATE


def test_dt_together_with_from_is_refused():
    with pytest.raises(UsageError, match="expected --dt or --from/--to, found both"):
        dates_asked(["today"], "2026-01-05", None, TODAY)


day = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(st.lists(st.tuples(day, st.integers(0, 40)), min_size=1, max_size=5), day)
def test_a_day_is_in_the_dates_exactly_when_it_is_in_one_of_their_spans(parts, probe):
    spans = [(start, start + timedelta(days=length)) for start, length in parts]
    dates = parse_dates(",".join(f"{a}..{b}" for a, b in spans), TODAY)
    assert dates.contains(probe.isoformat()) == any(a <= probe <= b for a, b in spans)
    listed = dates.days()
    assert listed == sorted(set(listed))
    assert parse_dates(str(dates), TODAY) == dates


def test_no_dates_at_all_hold_nothing():
    assert Dates().days() == []
    assert not Dates().contains("2026-01-06")
