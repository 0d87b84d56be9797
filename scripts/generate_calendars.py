"""Writes src/lakeflow/calendars/*.csv from pandas_market_calendars and what is known better; --check only compares.

Needs `pip install -e '.[calendars]'`. A library that changes its mind shows as a difference, never as a silent edit.
"""

import argparse
import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pandas_market_calendars

from lakeflow.calendar import Calendar, load_calendar, names

FOLDER = Path(__file__).parents[1] / "src" / "lakeflow" / "calendars"
ONE_DAY = timedelta(days=1)
LIBRARY = f"pandas_market_calendars {version('pandas_market_calendars')}"
KNOWN = Path(__file__).with_name(
    "calendar_corrections.csv"
)  # hours, and the days on which a library is wrong


class Line(NamedTuple):
    """One line of a table, in the order of its columns."""

    first: str
    last: str
    days: str
    kind: str
    open: str
    close: str
    breaks: str
    trade_date: str
    zone: str
    source: str


# The first is the source; the others are only compared with.
LIBRARY_NAMES = {
    "CME_EQ": ("CME Globex Equity", "CME_Equity"),
    "NSE": ("NSE", "XBOM"),
    "NYSE": ("NYSE", "XNYS"),
}
MOURNING = (date(2018, 12, 5), date(2025, 1, 9))
HOLIDAYS = {1: "Martin Luther King Day", 2: "Presidents Day", 3: "Good Friday", 4: "Good Friday", 5: "Memorial Day",
            6: "Juneteenth", 7: "Independence Day", 9: "Labor Day", 11: "Thanksgiving", 12: "Christmas"}  # fmt: skip
NYSE_LISTS = {2022: "2021-12-27", 2025: "2024-11-08", 2026: "2025-12-23"}  # first year of a list -> its date


def lines(name: str) -> list[Line]:
    """The whole table of a calendar: hours first, then the dates that differ."""
    found = {line.first: line for line in library_lines(name)} if name in LIBRARY_NAMES else {}
    dated = sorted((found | {line.first: line for line in known(name) if not line.days}).values())
    return [*hours(name), *(cleared_next(line, dated) if name == "CME_EQ" else line for line in dated)]


@cache
def known(name: str) -> list[Line]:
    """What stands in calendar_corrections.csv about a calendar: its hours, then the dates that the library has wrong."""
    with KNOWN.open(encoding="utf-8", newline="") as rows:
        return [Line(*row[1:]) for row in csv.reader(rows) if row[0] == name]


def hours(name: str) -> list[Line]:
    return [line for line in known(name) if line.days]


def library_lines(name: str) -> Iterator[Line]:
    """Every weekday on which the library says something else than its usual hours."""
    times = library_times(name, LIBRARY_NAMES[name][0])
    usual, _ = Counter(times.values()).most_common(1)[0]
    for day in (day for line in hours(name) for day in weekdays(line)):
        opens, closes = times.get(day, ("", ""))
        if (opens, closes) != usual:
            kind = "closed" if not opens else "half" if opens == usual[0] else "special"
            first = day.isoformat()
            yield Line(first, first, "", kind, opens, closes, "", "", "", source(name, day, kind))


def weekdays(line: Line) -> list[date]:
    first, last = date.fromisoformat(line.first), date.fromisoformat(line.last)
    days = (first + ONE_DAY * n for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def library_times(name: str, library_name: str) -> dict[date, tuple[str, str]]:
    """Open and close on the wall clock, by session, as a library has them."""
    table = pandas_market_calendars.get_calendar(library_name)
    first, last = hours(name)[0], hours(name)[-1]
    plan = table.schedule(first.first, last.last, tz=first.zone)
    return {
        day.date(): (
            opens.strftime("%H:%M") + ("-1d" if opens.date() < day.date() else ""),
            closes.strftime("%H:%M"),
        )
        for day, opens, closes in zip(plan.index, plan.market_open, plan.market_close, strict=True)
    }


def source(name: str, day: date, kind: str) -> str:
    """Why the library differs on a date, and where that is known from."""
    if name == "NSE":
        return f"{'Muhurat' if kind == 'special' else 'NSE holiday'} ({LIBRARY})"
    if name == "NYSE" and day.year >= min(NYSE_LISTS):
        issued = NYSE_LISTS[max(year for year in NYSE_LISTS if year <= day.year)]
        return f"{holiday(day)} (NYSE Group calendar of {issued})"
    projected = ", projected: CME says a year ahead" if name == "CME_EQ" and day.year > 2026 else ""
    return f"{holiday(day)} ({LIBRARY}{projected})"


def holiday(day: date) -> str:
    """The United States holiday that a date stands at."""
    if day in MOURNING:
        return "National Day of Mourning"
    return "New Year's Day" if (day.month, day.day) < (1, 3) else HOLIDAYS[day.month]


def cleared_next(line: Line, dated: list[Line]) -> Line:
    """A Globex session halted at noon for a holiday clears with the next one."""
    if line.close != "12:00":
        return line
    shut = {each.first for each in dated if each.kind == "closed"}
    day = date.fromisoformat(line.first) + ONE_DAY
    while day.weekday() > 4 or day.isoformat() in shut:
        day += ONE_DAY
    return line._replace(trade_date=day.isoformat())


def text(name: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Line._fields)
    writer.writerows(lines(name))
    return out.getvalue()


def disagreements(calendar: Calendar, library_name: str) -> Iterator[str]:
    """What a library says otherwise than the table shipped, and on which dates."""
    theirs = library_times(calendar.name, library_name)
    found: dict[str, list[str]] = {}
    for day in sorted({*theirs, *calendar.dates}):
        row = calendar.table.row(day)
        mine = f"{row.open} to {row.close}" if row and calendar.session(day) else "closed"
        other = " to ".join(theirs.get(day, ("closed",)))
        if mine != other:
            found.setdefault(f"{mine}, {library_name} {other}", []).append(day.isoformat())
    for times, days in found.items():
        shown = days if len(days) < 8 else [days[0], "...", days[-1]]
        yield f"{calendar.name}: {times}: {len(days)} ({' '.join(shown)})"


def check() -> int:
    """How many tables are not what this script would write; prints where the libraries say otherwise."""
    wrong = 0
    for name in names():
        if (FOLDER / f"{name}.csv").read_text(encoding="utf-8") != text(name):
            print(
                f"{name}.csv is not what this script writes; run it without --check and look at the difference"
            )
            wrong += 1
        for library_name in LIBRARY_NAMES.get(name, ()):
            for line in disagreements(load_calendar(name), library_name):
                print(line)
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when a table is out of date"
    )
    if parser.parse_args().check:
        return min(check(), 1)
    for name in names():
        (FOLDER / f"{name}.csv").write_text(text(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
