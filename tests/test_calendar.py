"""What the calendars shipped say about known dates, and that their tables are whole."""

import csv
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lakeflow.calendar import Session, load_calendar
from lakeflow.calendar_table import FOLDER, names, read_table


def session(name: str, day: str) -> Session:
    found = load_calendar(name).session(date.fromisoformat(day))
    assert found is not None, f"{name} has no session on {day}"
    return found


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def clocks(found: Session) -> str:
    zone = ZoneInfo(found.zone)
    return f"{found.open.astimezone(zone):%d %H:%M} {found.close.astimezone(zone):%d %H:%M}"


@pytest.mark.parametrize(
    ("name", "day", "rows", "first"),
    [
        ("NSE", "2025-08-01", 22_500, 1754019900),
        ("NSE", "2026-08-03", 23_100, 1785728700),
        ("NYSE", "2026-01-05", 23_400, 1767623400),
        ("NYSE", "2026-03-09", 23_400, 1773063000),
        ("NYSE", "2025-11-28", 12_600, 1764340200),
        ("ALWAYS", "2026-02-28", 86_400, 1772236800),
        ("CME_EQ", "2026-01-06", 82_800, 1767654000),
        (
            "CME_EQ",
            "2026-03-09",
            82_800,
            1773007200,
        ),  # its evening is that of a Sunday on which the clocks change
        ("CME_EQ", "2026-11-02", 82_800, 1793574000),
    ],
)
def test_a_session_has_the_rows_and_the_first_row_of_the_reference(name, day, rows, first):
    found = session(name, day)
    assert (found.seconds, found.open.timestamp()) == (rows, first)


def test_nse_closes_ten_minutes_later_from_august_2026():
    assert clocks(session("NSE", "2026-07-31")) == "31 09:15 31 15:30"
    assert clocks(session("NSE", "2026-08-03")) == "03 09:15 03 15:40"


@pytest.mark.parametrize(
    ("name", "day", "opens", "closes"),
    [
        # Before and after each change of the clocks; the wall clock of the market does not move.
        ("CME_EQ", "2026-03-06", "2026-03-05T23:00", "2026-03-06T22:00"),
        ("CME_EQ", "2026-03-09", "2026-03-08T22:00", "2026-03-09T21:00"),
        ("CME_EQ", "2026-10-30", "2026-10-29T22:00", "2026-10-30T21:00"),
        ("CME_EQ", "2026-11-02", "2026-11-01T23:00", "2026-11-02T22:00"),
        ("NYSE", "2026-03-06", "2026-03-06T14:30", "2026-03-06T21:00"),
        ("NYSE", "2026-03-09", "2026-03-09T13:30", "2026-03-09T20:00"),
        ("NYSE", "2026-10-30", "2026-10-30T13:30", "2026-10-30T20:00"),
        ("NYSE", "2026-11-02", "2026-11-02T14:30", "2026-11-02T21:00"),
        ("NSE", "2026-03-09", "2026-03-09T03:45", "2026-03-09T10:00"),
    ],
)
def test_daylight_saving_is_right_on_both_sides(name, day, opens, closes):
    found = session(name, day)
    assert (found.open, found.close) == (utc(opens), utc(closes))


@pytest.mark.parametrize(
    ("name", "day", "kind", "expected"),
    [
        ("CME_EQ", "2026-01-19", "half", "18 17:00 19 12:00"),  # Martin Luther King Day, halted at noon
        ("CME_EQ", "2026-04-03", "half", "02 17:00 03 08:15"),  # Good Friday with a jobs report
        ("CME_EQ", "2025-01-09", "half", "08 17:00 09 08:30"),  # National Day of Mourning
        ("CME_EQ", "2018-12-05", "half", "04 17:00 05 08:30"),
        ("CME_EQ", "2025-11-28", "half", "27 17:00 28 12:15"),
        ("CME_EQ", "2026-06-19", "half", "18 17:00 19 12:00"),
        ("NYSE", "2028-07-03", "half", "03 09:30 03 13:00"),
        ("NSE", "2024-01-20", "special", "20 09:15 20 15:30"),  # a Saturday
        ("NSE", "2026-02-01", "special", "01 09:15 01 15:30"),  # a Sunday
        ("NSE", "2023-11-12", "special", "12 18:15 12 19:15"),  # Muhurat on a Sunday
        ("NSE", "2025-10-21", "special", "21 13:45 21 14:45"),  # Muhurat in the afternoon
    ],
)
def test_short_and_special_sessions(name, day, kind, expected):
    found = session(name, day)
    assert (found.kind, clocks(found)) == (kind, expected)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("CME_EQ", "2024-03-29"),  # Good Friday without a jobs report, which the library has as open
        ("CME_EQ", "2025-04-18"),
        ("CME_EQ", "2025-12-25"),
        ("NYSE", "2025-01-09"),
        ("NYSE", "2026-07-03"),
        ("NSE", "2024-01-22"),
        ("NSE", "2026-01-15"),
        ("NSE", "2026-01-31"),  # a Saturday like any other
    ],
)
def test_closed_days_have_no_session_and_a_reason(name, day):
    calendar = load_calendar(name)
    assert calendar.session(date.fromisoformat(day)) is None
    assert calendar.why_closed(date.fromisoformat(day))


def test_a_session_in_two_parts_has_a_break_and_keeps_its_seconds():
    found = session("NSE", "2024-03-02")
    assert found.breaks == ((utc("2024-03-02T04:30"), utc("2024-03-02T06:00")),)
    assert found.seconds == 11_700


def test_globex_paused_at_a_quarter_past_three_until_june_2021():
    assert session("CME_EQ", "2021-06-25").breaks == ((utc("2021-06-25T20:15"), utc("2021-06-25T20:30")),)
    assert session("CME_EQ", "2021-06-28").breaks == ()


@pytest.mark.parametrize(
    ("day", "trade_date"),
    [
        ("2026-01-19", "2026-01-20"),  # Monday clears with Tuesday
        ("2026-06-19", "2026-06-22"),  # Friday clears with Monday
        ("2026-11-26", "2026-11-27"),
        ("2026-11-27", "2026-11-27"),
        ("2025-01-09", "2025-01-09"),
    ],
)
def test_a_holiday_session_of_globex_clears_with_the_next(day, trade_date):
    assert session("CME_EQ", day).trade_date == date.fromisoformat(trade_date)


@pytest.mark.parametrize("name", ["ALWAYS", "CME_EQ", "NSE", "NYSE"])
def test_a_table_has_no_gap_between_its_hours_and_a_source_in_every_row(name):
    table = read_table(name)
    assert all(b.first - a.last == timedelta(days=1) for a, b in pairwise(table.hours))
    assert all(table.first <= day <= table.last for day in table.special)
    rows = [*(hours.row for hours in table.hours), *table.special.values()]
    assert all(row.source and row.kind in {"regular", "half", "special", "closed"} for row in rows)


def test_every_correction_stands_in_the_table_shipped():
    known = Path(__file__).parents[1] / "scripts" / "calendar_corrections.csv"
    shipped = {name: (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines() for name in names()}
    rows = list(csv.DictReader(known.read_text(encoding="utf-8").splitlines()))
    assert len(rows) > 20
    for row in rows:
        line = list(row.values())[1:]
        assert line in list(csv.reader(shipped[row["calendar"]])), line
