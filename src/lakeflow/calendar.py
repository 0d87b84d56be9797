"""Trading sessions: when each opens and closes in UTC, which dates have one, and the walk from one to another.

What is known stands in `calendars/<NAME>.csv` as wall-clock times, each row with its source; it becomes UTC here,
date by date, so that daylight saving is right on both sides of a change.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from lakeflow import calendar_table
from lakeflow.calendar_overrides import overlaid
from lakeflow.calendar_table import Row, Table
from lakeflow.wallclock import instant

Day: TypeAlias = date  # inside Session, `date` is its field
ONE_DAY = timedelta(days=1)
REACH = 2 * ONE_DAY  # no session lies on a UTC date further from its own


class CalendarError(ValueError):
    """A calendar is asked for a session it does not hold, or told what cannot be; every fault at once."""

    def __init__(self, *faults: str) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(faults))


class Session(NamedTuple):
    """One session: from `open` up to and without `close`, both UTC."""

    date: Day
    open: datetime
    close: datetime
    breaks: tuple[tuple[datetime, datetime], ...]  # inside the session; its seconds count all the same
    kind: str  # regular, half or special
    trade_date: Day  # the day it clears for: the next session's where the exchange has a holiday
    source: str
    zone: str

    @property
    def seconds(self) -> int:
        """The rows of a one-second grid, those of a break included."""
        return round((self.close - self.open).total_seconds())

    @property
    def utc_days(self) -> tuple[Day, ...]:
        """The UTC dates it lies on, oldest first: a Globex session needs the files of two."""
        first, last = self.open.date(), (self.close - datetime.resolution).date()
        return tuple(first + ONE_DAY * n for n in range((last - first).days + 1))

    @property
    def row(self) -> str:
        """Everything about the session but where it is known from, as one line."""
        breaks = ";".join(f"{start.isoformat()}/{end.isoformat()}" for start, end in self.breaks)
        times = f"{self.open.isoformat()} {self.close.isoformat()} {breaks or '-'}"
        return f"{self.date} {times} {self.kind} {self.trade_date} {self.zone}"


@dataclass(frozen=True, eq=False)
class Calendar:
    """The sessions of one market, oldest first and never overlapping, for the dates that it covers."""

    name: str
    zone: str
    first: date  # the first date covered, session or not
    last: date  # the last: beyond it nobody has said yet what is a holiday
    table: Table

    def covers(self, day: date) -> bool:
        """Whether the calendar knows if there is a session on a date."""
        return self.first <= day <= self.last

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """Every date with a session, oldest first."""
        return tuple(self.table.open_dates())

    def session(self, day: date) -> Session | None:
        """The session of a date; None where there is none, and outside of what the calendar covers."""
        return self._made(day) if day in self._places else None

    def sessions(self, first: date, last: date) -> tuple[Session, ...]:
        """The sessions from a date to a date, both included."""
        for day in (first, last):
            if not self.covers(day):
                raise CalendarError(self._uncovered(day))
        return self._between(first, last)

    def offset(self, day: date, n: int) -> Session:
        """The n-th session after the one of a date, or before it where n is negative; 0 is that session."""
        return self.window(day, n, n)[0]

    def window(self, day: date, first_offset: int, last_offset: int) -> tuple[Session, ...]:
        """The sessions between two offsets from the one of a date, both included: -20, -1 are the 20 before it."""
        offsets = f"{first_offset} to {last_offset}"
        if first_offset > last_offset:
            raise CalendarError(f"{self.name}: expected a window from its smaller offset, found {offsets}")
        start, end = self._place(day) + first_offset, self._place(day) + last_offset
        if start < 0 or end >= len(self.dates):
            span = f"the {len(self.dates)} sessions from {self.first} to {self.last}"
            raise CalendarError(f"{self.name}: offsets {offsets} of {day} reach beyond {span}")
        return tuple(map(self._made, self.dates[start : end + 1]))

    def utc_days(self, day: date) -> tuple[date, ...]:
        """The UTC dates that the session of a date lies on, oldest first."""
        return self.offset(day, 0).utc_days

    def sessions_touching(self, utc_date: date) -> tuple[Session, ...]:
        """The sessions of which some part lies on a UTC date."""
        start = datetime.combine(utc_date, time(), UTC)
        near = self._between(utc_date - REACH, utc_date + REACH)
        return tuple(s for s in near if s.open < start + ONE_DAY and s.close > start)

    def at(self, ts: datetime) -> Session | None:
        """The session that an instant lies in, breaks included; None between sessions."""
        if ts.tzinfo is None:
            raise CalendarError(f"{self.name}: expected an instant with a zone, found {ts}")
        touching = self.sessions_touching(ts.astimezone(UTC).date())
        return next((s for s in touching if s.open <= ts < s.close), None)

    def date_of(self, ts: datetime) -> date | None:
        """The date of the session that an instant lies in."""
        session = self.at(ts)
        return session.date if session else None

    def why_closed(self, day: date) -> str:
        """Why a date has no session, in words."""
        if not self.covers(day):
            return self._uncovered(day)
        row = self.table.row(day)
        return f"{day:%A}" if row is None else row.source

    def digest(self, dates: Iterable[date]) -> str:
        """sha256 of the sessions of these dates alone: a year added to the table changes no other year's."""
        found = {day: self.session(day) for day in sorted(set(dates))}
        lines = [session.row if session else f"{day} no session" for day, session in found.items()]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @cached_property
    def _places(self) -> dict[date, int]:
        return {day: place for place, day in enumerate(self.dates)}

    def _made(self, day: date) -> Session:
        row = self.table.row(day)
        assert row is not None  # the day is one of the table's open dates
        return session_of(day, row, self.table.zone)

    def _between(self, first: date, last: date) -> tuple[Session, ...]:
        start, end = bisect_left(self.dates, first), bisect_right(self.dates, last)
        return tuple(map(self._made, self.dates[start:end]))

    def _place(self, day: date) -> int:
        if not self.covers(day):
            raise CalendarError(self._uncovered(day))
        if day not in self._places:
            span = f"it covers {self.first} to {self.last}"
            raise CalendarError(f"{self.name}: no session on {day}: {self.why_closed(day)}; {span}")
        return self._places[day]

    def _uncovered(self, day: date) -> str:
        return f"{self.name}: expected a date from {self.first} to {self.last}, which is what it covers, found {day}"


def names() -> list[str]:
    """The calendars that come with lakeflow, sorted."""
    return calendar_table.names()


@cache
def load_calendar(name: str) -> Calendar:
    """A calendar that comes with lakeflow, read once."""
    if name not in names():
        raise CalendarError(f"expected a calendar, one of {', '.join(names())}, found {name}")
    return calendar_of(calendar_table.read_table(name))


def with_overrides(calendar: Calendar, overrides: Mapping[str, Any]) -> Calendar:
    """The calendar with sessions dropped, added and closed early, as `calendars:` in datasets.yaml says."""
    table, faults = overlaid(calendar.table, overrides)
    if faults:
        raise CalendarError(*faults)
    return calendar_of(table)


def calendar_of(table: Table) -> Calendar:
    return Calendar(table.name, table.zone.key, table.first, table.last, table)


def session_of(day: date, row: Row, zone: ZoneInfo) -> Session:
    """The session that a row makes on a date."""
    opens, closes = instant(day, row.open, zone), instant(day, row.close, zone)
    breaks = tuple((instant(day, start, zone), instant(day, end, zone)) for start, end in row.breaks)
    return Session(day, opens, closes, breaks, row.kind, row.trade_date or day, row.source, zone.key)
