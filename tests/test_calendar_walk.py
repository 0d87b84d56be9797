"""How one walks from session to session: offsets, windows, UTC days, instants, and the digest of some dates."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.calendar import Calendar, CalendarError, calendar_of, load_calendar, names

NAMES = ["ALWAYS", "CME_EQ", "NSE", "NYSE"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_january_2026_has_eighteen_new_york_sessions_from_the_fifth_to_the_twenty_ninth():
    assert len(load_calendar("NYSE").sessions(date(2026, 1, 5), date(2026, 1, 29))) == 18


def test_a_globex_session_lies_on_two_utc_days_and_a_utc_day_touches_two_of_them():
    calendar = load_calendar("CME_EQ")
    assert calendar.utc_days(date(2026, 1, 6)) == (date(2026, 1, 5), date(2026, 1, 6))
    assert [s.date.day for s in calendar.sessions_touching(date(2026, 1, 6))] == [6, 7]
    assert [s.date.day for s in calendar.sessions_touching(date(2026, 1, 4))] == [5]  # Sunday evening
    assert calendar.sessions_touching(date(2026, 1, 3)) == ()


def test_a_close_at_midnight_does_not_reach_into_the_next_utc_day():
    calendar = load_calendar("ALWAYS")
    assert calendar.utc_days(date(2026, 1, 6)) == (date(2026, 1, 6),)
    assert [s.date.day for s in calendar.sessions_touching(date(2026, 1, 6))] == [6]


def test_the_open_belongs_to_a_session_and_the_close_does_not():
    calendar = load_calendar("CME_EQ")
    dates = [calendar.date_of(utc(f"2026-01-06T{at}")) for at in ("21:59:59", "22:00", "22:59:59", "23:00")]
    assert dates == [date(2026, 1, 6), None, None, date(2026, 1, 7)]
    assert calendar.date_of(utc("2026-03-08T22:00")) == date(2026, 3, 9)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(CalendarError, match="with a zone"):
        load_calendar("NYSE").at(datetime(2026, 1, 6, 15))  # noqa: DTZ001  the point of the test


def test_offsets_count_sessions_across_weekends_and_holidays():
    nyse, nse = load_calendar("NYSE"), load_calendar("NSE")
    assert nyse.offset(date(2026, 1, 20), -1).date == date(2026, 1, 16)
    assert nyse.offset(date(2026, 4, 2), 1).date == date(2026, 4, 6)
    assert nse.offset(date(2026, 2, 2), -1).date == date(2026, 2, 1)
    assert [s.date.day for s in nyse.window(date(2026, 1, 20), -3, -1)] == [14, 15, 16]


@pytest.mark.parametrize(
    ("day", "n", "said"),
    [
        ("2026-01-19", -1, "NYSE: no session on 2026-01-19: Martin Luther King Day .*covers 2018-01-01 to 2028-12-31"),
        ("2026-01-18", 0, "no session on 2026-01-18: Sunday"),
        ("2018-01-02", -1, "offsets -1 to -1 of 2018-01-02 reach beyond the 2764 sessions from 2018-01-01 to 2028"),
        ("2031-01-02", 0, "expected a date from 2018-01-01 to 2028-12-31, which is what it covers, found 2031-01-02"),
    ],
)  # fmt: skip
def test_an_offset_that_leads_nowhere_says_why(day, n, said):
    with pytest.raises(CalendarError, match=said):
        load_calendar("NYSE").offset(date.fromisoformat(day), n)


def test_a_date_beyond_what_is_published_is_not_a_closed_day():
    nse = load_calendar("NSE")
    assert nse.last == date(2026, 12, 31)
    assert not nse.covers(date(2027, 1, 4))
    with pytest.raises(CalendarError, match="2027-01-04"):
        nse.sessions(date(2026, 12, 1), date(2027, 1, 4))


def test_a_window_the_wrong_way_round_is_refused():
    with pytest.raises(CalendarError, match="from its smaller offset, found -1 to -20"):
        load_calendar("NYSE").window(date(2026, 1, 6), -1, -20)


def test_an_unknown_calendar_is_named_with_the_known_ones():
    assert names() == NAMES
    with pytest.raises(CalendarError, match="ALWAYS, CME_EQ, NSE, NYSE, found XETR"):
        load_calendar("XETR")


def test_the_digest_of_some_dates_does_not_depend_on_any_other():
    nyse, cme = load_calendar("NYSE"), load_calendar("CME_EQ")
    dates = [date(2026, 1, 5), date(2026, 1, 6)]
    assert nyse.digest(dates) == nyse.digest([*reversed(dates), dates[0]])
    assert len({nyse.digest(dates), nyse.digest(dates[:1]), cme.digest(dates), nyse.digest([])}) == 4


def test_a_year_added_or_a_source_corrected_leaves_the_digest_of_2026_alone():
    calendar, dates = load_calendar("NYSE"), [date(2026, 1, 5), date(2026, 7, 3), date(2026, 11, 27)]
    hours = calendar.table.hours[-1]
    longer = (*calendar.table.hours, hours._replace(first=date(2029, 1, 1), last=date(2029, 12, 31)))
    half = calendar.table.special[dates[-1]]._replace(source="read again")
    other = replace(calendar.table, hours=longer, special={**calendar.table.special, dates[-1]: half})
    assert calendar_of(other).digest(dates) == calendar.digest(dates)
    assert calendar_of(other).covers(date(2029, 6, 1))


def test_the_calendars_are_loaded_without_pandas_or_polars():
    code = "import sys, lakeflow.calendar as c; c.load_calendar('NSE').dates; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"pandas", "polars", "pyarrow", "numpy"} & set(loaded)


@pytest.mark.parametrize("name", NAMES)
def test_sessions_are_sorted_and_never_overlap(name):
    calendar = load_calendar(name)
    every = calendar.sessions(calendar.first, calendar.last)
    assert all(a.close <= b.open and a.date < b.date for a, b in pairwise(every))
    assert all(s.open < s.close and s.trade_date >= s.date and s.source for s in every)
    assert {s.trade_date for s in every} <= set(calendar.dates)
    for found in every:
        edges = [found.open, *(edge for pair in found.breaks for edge in pair), found.close]
        assert edges == sorted(set(edges))


@pytest.mark.parametrize("name", NAMES)
def test_no_session_lies_further_from_its_date_than_the_search_for_it_reaches(name):
    calendar = load_calendar(name)
    every = calendar.sessions(calendar.first, calendar.last)
    assert max(abs((day - s.date).days) for s in every for day in s.utc_days) <= 2


def places(calendar: Calendar) -> st.SearchStrategy[int]:
    return st.integers(0, len(calendar.dates) - 1)


@given(data=st.data(), name=st.sampled_from(NAMES))
def test_an_offset_and_back_is_where_one_started(data, name):
    calendar = load_calendar(name)
    start, end = data.draw(places(calendar)), data.draw(places(calendar))
    there = calendar.offset(calendar.dates[start], end - start)
    assert there.date == calendar.dates[end]
    assert calendar.offset(there.date, start - end).date == calendar.dates[start]


@given(
    name=st.sampled_from(NAMES),
    ts=st.datetimes(datetime(2018, 1, 3), datetime(2026, 12, 29), timezones=st.just(UTC)),  # noqa: DTZ001  bounds
)
def test_an_instant_belongs_to_the_one_session_that_holds_it(name, ts):
    calendar = load_calendar(name)
    near = calendar.sessions(ts.date() - timedelta(days=2), ts.date() + timedelta(days=2))
    holding = [s for s in near if s.open <= ts < s.close]
    assert len(holding) <= 1
    assert calendar.at(ts) == (holding[0] if holding else None)


@given(data=st.data(), name=st.sampled_from(NAMES))
def test_a_session_touches_exactly_its_utc_days(data, name):
    calendar = load_calendar(name)
    day = calendar.dates[data.draw(places(calendar))]
    found = {day + timedelta(days=n) for n in range(-3, 4)}
    touched = {d for d in found if day in [s.date for s in calendar.sessions_touching(d)]}
    assert touched == set(calendar.utc_days(day))
