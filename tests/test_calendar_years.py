"""Every date of eight years, counted from published hours alone: how many sessions, how many seconds each, and its first second."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from lakeflow.calendar import Session, load_calendar
from lakeflow.truth.session import Session as Grid

YEARS = (date(2020, 1, 1), date(2027, 12, 31))
# The regular hours as the exchanges print them: zone, days before the date, open, rows.
REGULAR = {
    "NYSE": ("America/New_York", 0, time(9, 30), 23_400),
    "CME_EQ": ("America/Chicago", 1, time(17), 82_800),
    "NSE": ("Asia/Kolkata", 0, time(9, 15), 22_500),
    "ALWAYS": ("UTC", 0, time(0), 86_400),
}
LATER_CLOSE = date(2026, 8, 3)  # from which on NSE's close is 15:40
SUMMER_OR_WINTER = [(year, week) for year in range(2020, 2028) for week in ("March", "November")]
HALF_DAYS_OF_NYSE = {
    "2020-11-27", "2020-12-24", "2021-11-26", "2022-11-25", "2023-07-03", "2023-11-24", "2024-07-03", "2024-11-29",
    "2024-12-24", "2025-07-03", "2025-11-28", "2025-12-24", "2026-11-27", "2026-12-24", "2027-11-26",
}  # fmt: skip
SESSIONS_OF_NYSE = {2020: 253, 2021: 252, 2022: 251, 2023: 250, 2024: 252, 2025: 250, 2026: 251, 2027: 251}
MUHURAT = {
    "2020-11-14": "18:15", "2021-11-04": "18:15", "2022-10-24": "18:15", "2023-11-12": "18:15",
    "2024-11-01": "18:00", "2025-10-21": "13:45",
}  # fmt: skip
OTHER_SPECIAL_ROWS_OF_NSE = {
    "2020-02-01": 22_500, "2021-02-24": 27_900, "2024-01-20": 22_500, "2024-03-02": 11_700, "2024-05-18": 11_700,
    "2025-02-01": 22_500, "2026-02-01": 22_500,
}  # fmt: skip


def sessions(name: str) -> tuple[Session, ...]:
    calendar = load_calendar(name)
    return calendar.sessions(max(YEARS[0], calendar.first), min(YEARS[1], calendar.last))


def printed(name: str, day: date) -> tuple[int, int]:
    """The rows of a regular session and the epoch of the first, from the wall clock alone."""
    zone, days_before, opens, rows = REGULAR[name]
    local = datetime.combine(day - timedelta(days=days_before), opens, ZoneInfo(zone))
    return rows + (600 if name == "NSE" and day >= LATER_CLOSE else 0), round(local.timestamp())


@pytest.mark.parametrize("name", sorted(REGULAR))
def test_every_regular_session_has_the_printed_rows_and_first_row(name):
    regular = [each for each in sessions(name) if each.kind == "regular"]
    found = {
        each.date: (Grid.between(each.open, each.close).rows, round(each.open.timestamp()))
        for each in regular
    }
    assert found == {day: printed(name, day) for day in found}
    assert len(found) > 1_650


@pytest.mark.parametrize("name", sorted(REGULAR))
def test_the_grid_of_every_date_has_the_seconds_between_its_first_row_and_its_close(name):
    for each in sessions(name):
        grid = Grid.between(each.open, each.close)
        assert grid.rows == each.seconds == (each.close - each.open) // timedelta(seconds=1) > 0
        assert grid.open_ns == round(each.open.timestamp()) * 10**9
        assert each.kind == "regular" or each.seconds < printed(name, each.date)[0] or each.kind == "special"


@pytest.mark.parametrize("name", sorted(REGULAR))
def test_every_weekday_of_eight_years_has_a_session_or_a_reason(name):
    calendar = load_calendar(name)
    first, last = max(YEARS[0], calendar.first), min(YEARS[1], calendar.last)
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        assert calendar.session(day) or len(calendar.why_closed(day)) > 5


def test_new_york_has_the_sessions_and_half_days_that_are_published():
    found = sessions("NYSE")
    assert Counter(each.date.year for each in found) == SESSIONS_OF_NYSE
    halves = {str(each.date): each.seconds for each in found if each.kind != "regular"}
    assert halves == dict.fromkeys(HALF_DAYS_OF_NYSE, 12_600)


@pytest.mark.parametrize(("year", "month"), SUMMER_OR_WINTER)
def test_globex_has_82_800_rows_on_both_sides_of_the_sunday_that_changes_the_clocks(year, month):
    first = date(year, 3, 8) if month == "March" else date(year, 11, 1)
    sunday = first + timedelta(days=(6 - first.weekday()) % 7)
    friday, monday = (load_calendar("CME_EQ").session(sunday + timedelta(days=n)) for n in (-2, 1))
    assert friday is not None
    assert monday is not None
    assert friday.seconds == monday.seconds == 82_800
    assert monday.utc_days == (sunday, monday.date)  # the files of the date before and its own
    assert monday.open == datetime.combine(sunday, time(22 if month == "March" else 23), UTC)


def test_muhurat_is_an_hour_on_its_own_clock_and_each_special_session_has_a_source():
    special = {str(each.date): each for each in sessions("NSE") if each.kind == "special"}
    assert set(special) == {*MUHURAT, *OTHER_SPECIAL_ROWS_OF_NSE}
    zone = ZoneInfo("Asia/Kolkata")
    assert {day: f"{special[day].open.astimezone(zone):%H:%M}" for day in MUHURAT} == MUHURAT
    assert {special[day].seconds for day in MUHURAT} == {3_600}
    assert {day: special[day].seconds for day in OTHER_SPECIAL_ROWS_OF_NSE} == OTHER_SPECIAL_ROWS_OF_NSE
    assert all(each.source for each in special.values())


def test_the_hours_of_nse_are_valid_from_a_date_and_to_one():
    hours = load_calendar("NSE").table.hours
    assert [(str(each.first), str(each.last)) for each in hours] == [
        ("2018-01-01", "2026-08-02"), ("2026-08-03", "2026-12-31")
    ]  # fmt: skip
