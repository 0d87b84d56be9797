"""Wall-clock times become instants, or are refused."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.wallclock import instant, read_clock

CHICAGO = ZoneInfo("America/Chicago")


def test_a_time_may_be_of_the_evening_before_or_the_day_after():
    assert instant(date(2026, 1, 6), "17:00-1d", CHICAGO) == datetime(2026, 1, 5, 23, tzinfo=UTC)
    assert instant(date(2026, 1, 6), "00:00+1d", ZoneInfo("UTC")) == datetime(2026, 1, 7, tzinfo=UTC)


def test_an_hour_that_the_spring_change_leaves_out_is_refused():
    said = "02:30 on 2026-03-08 does not exist in America/Chicago"
    with pytest.raises(ValueError, match=said):
        instant(date(2026, 3, 8), "02:30", CHICAGO)


def test_an_hour_that_comes_twice_in_autumn_is_refused():
    with pytest.raises(ValueError, match="01:30 on 2026-11-01 comes twice in America/Chicago"):
        instant(date(2026, 11, 1), "01:30", CHICAGO)


def test_the_first_minutes_on_both_sides_of_a_change_are_taken():
    before, after = instant(date(2026, 3, 8), "01:59", CHICAGO), instant(date(2026, 3, 8), "03:00", CHICAGO)
    assert (after - before).total_seconds() == 60


@pytest.mark.parametrize("text", ["9:15", "24:00", "09:15:00", "17:00-2d", "", 555, None, ["09:15"]])
def test_what_is_not_a_quoted_time_is_refused(text):
    with pytest.raises(ValueError, match="expected a quoted time such as '09:30'"):
        read_clock(text)


@given(
    day=st.dates(date(2018, 1, 1), date(2028, 12, 31)),
    at=st.times().map("{:%H:%M}".format),
    zone=st.sampled_from(["America/Chicago", "America/New_York", "Asia/Kolkata", "Europe/London"]).map(
        ZoneInfo
    ),
)
def test_an_instant_shows_its_time_on_the_clocks_of_its_zone(day, at, zone):
    try:
        found = instant(day, at, zone)
    except ValueError:
        assert (day.month, day.weekday()) in {(3, 6), (10, 6), (11, 6)}  # a Sunday of change
    else:
        assert f"{found.astimezone(zone):%Y-%m-%d %H:%M}" == f"{day} {at}"
