"""A grid has one row for each second of the calendar's session, from the printed first second on."""

from datetime import date

import pytest

from lakeflow.calendar import load_calendar
from lakeflow.truth.session import SECOND, Session

PRINTED = [
    ("NSE", date(2025, 8, 1), 22_500, 1_754_019_900),
    ("NSE", date(2026, 8, 3), 23_100, 1_785_728_700),
    ("NYSE", date(2026, 1, 5), 23_400, 1_767_623_400),
    ("NYSE", date(2026, 3, 9), 23_400, 1_773_063_000),
    ("NYSE", date(2025, 11, 28), 12_600, 1_764_340_200),
    ("ALWAYS", date(2026, 1, 5), 86_400, 1_767_571_200),
    ("CME_EQ", date(2026, 3, 9), 82_800, 1_773_007_200),
]


def grid(name, day):
    session = load_calendar(name).session(day)
    return Session(round(session.open.timestamp()) * SECOND, round(session.close.timestamp()) * SECOND)


@pytest.mark.parametrize(("name", "day", "rows", "first"), PRINTED)
def test_the_grid_is_the_session(name, day, rows, first):
    session = grid(name, day)
    times = session.times()
    assert len(times) == session.rows == rows
    assert times["ts_second"].dt.epoch("s")[0] == first == times["ts_known"].dt.epoch("s")[0] - 1


def test_a_globex_session_has_one_midnight_and_a_utc_day_none():
    assert grid("CME_EQ", date(2026, 1, 6)).midnights == [3_600]
    assert grid("CME_EQ", date(2026, 7, 6)).midnights == [7_200]
    assert grid("ALWAYS", date(2026, 1, 6)).midnights == []


@pytest.mark.parametrize("name", ["ALWAYS", "CME_EQ", "NSE", "NYSE"])
def test_every_session_of_nine_years_has_a_row_for_each_of_its_seconds(name):
    sessions = load_calendar(name).sessions(date(2018, 1, 1), date(2026, 12, 31))
    assert len(sessions) > 2_200
    for each in sessions:
        assert Session.between(each.open, each.close).rows == each.seconds > 0
