"""A calendar as it is written down: hours with the dates they hold for, and the dates that differ, on wall clocks."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).with_name("calendars")
WEEKDAYS = {"Mon-Fri": 5, "Mon-Sun": 7}
CLOSED = "closed"


class Row(NamedTuple):
    """What holds on a date: wall-clock times of the calendar's zone, or `closed`; and where that is known from."""

    kind: str  # regular, half, special or closed
    open: str  # `17:00-1d` is the evening before
    close: str
    breaks: tuple[tuple[str, str], ...]
    trade_date: date | None  # None: the session's own date
    source: str


class Hours(NamedTuple):
    """A row that holds on every Mon-Fri, or Mon-Sun, from a date to a date, both included."""

    first: date
    last: date
    days: str
    row: Row


@dataclass(frozen=True)
class Table:
    """The rows of one calendar, oldest first."""

    name: str
    zone: ZoneInfo
    hours: tuple[Hours, ...]
    special: Mapping[date, Row]  # these dates only; they win over the hours

    @property
    def first(self) -> date:
        return self.hours[0].first

    @property
    def last(self) -> date:
        return self.hours[-1].last

    def row(self, day: date) -> Row | None:
        """What holds on a date, a closure included; None on a weekend and outside of the table."""
        for first, last, days, row in self.hours:
            if first <= day <= last:
                return self.special.get(day, row if day.weekday() < WEEKDAYS[days] else None)
        return None

    def open_dates(self) -> Iterator[date]:
        """Every date with a session, oldest first."""
        for first, last, days, _ in self.hours:
            for n in range((last - first).days + 1):
                day = first + timedelta(days=n)
                own = self.special.get(day)
                if own.kind != CLOSED if own else day.weekday() < WEEKDAYS[days]:
                    yield day


def names() -> list[str]:
    """The calendars that come with lakeflow, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.csv"))


def read_table(name: str) -> Table:
    """The table of a calendar that comes with lakeflow."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    hours = [row for row in rows if row["days"]]
    special = {date.fromisoformat(row["first"]): read_row(row) for row in rows if not row["days"]}
    return Table(name, ZoneInfo(hours[0]["zone"]), tuple(map(read_hours, hours)), special)


def read_hours(row: Mapping[str, str]) -> Hours:
    return Hours(
        date.fromisoformat(row["first"]), date.fromisoformat(row["last"]), row["days"], read_row(row)
    )


def read_row(row: Mapping[str, str]) -> Row:
    pairs = (pair.split("/") for pair in row["breaks"].split())
    breaks = tuple((start, end) for start, end in pairs)
    trade_date = date.fromisoformat(row["trade_date"]) if row["trade_date"] else None
    return Row(row["kind"], row["open"], row["close"], breaks, trade_date, row["source"])
