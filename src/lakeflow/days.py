"""From a step's date to the dates it reads, and back, by the calendar of its product; dates are ISO text here."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from lakeflow.calendar import Calendar, CalendarError, Session
from lakeflow.catalog import Catalog, Read, Stage
from lakeflow.errors import ConfigError


class Days:
    """The read vocabulary for dates: the same day, a session's UTC days, a window of sessions, the one before."""

    def __init__(self, catalog: Catalog, calendars: Mapping[str, Calendar]) -> None:
        self._catalog = catalog
        self._calendars = calendars
        self._read: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._made: dict[tuple[str, str, str], tuple[str, ...]] = {}

    def calendar(self, product_type: str) -> Calendar:
        return self._calendars[self._catalog.products[product_type].calendar]

    def read(self, stage: Stage, read: Read, dt: str) -> tuple[str, ...]:
        """The dates that a step of this date reads, oldest first; none where the calendar has no such session."""
        if not (read.map or read.days or read.previous):
            return (dt,)
        key = (stage.key, read.name, dt)
        if key not in self._read:
            self._read[key] = tuple(d.isoformat() for d in self._dates(stage, read, date.fromisoformat(dt)))
        return self._read[key]

    def made(self, stage: Stage, read: Read, dt: str) -> tuple[str, ...]:
        """The dates of the steps for which a partition of this date is the last that the read can have."""
        if not (read.map or read.days):
            return (dt,)
        key = (stage.key, read.name, dt)
        if key not in self._made:
            self._made[key] = tuple(
                d.isoformat() for d in self._step_dates(stage, read, date.fromisoformat(dt))
            )
        return self._made[key]

    def has_session(self, stage: Stage, dt: str) -> bool:
        """Whether a step of this date can be at all: a session date must be a session."""
        if self._catalog.datasets[stage.anchor].dt_kind != "session_date":
            return True
        return self.is_session(stage.product_type, dt)

    def is_session(self, product_type: str, dt: str) -> bool:
        """Whether a date is a session of a product; one that its calendar does not reach is an error, not a holiday."""
        calendar, day = self.calendar(product_type), date.fromisoformat(dt)
        if not calendar.covers(day):
            raise ConfigError(
                [
                    f"{product_type}: {dt} lies outside its calendar {calendar.name}, which knows {calendar.first} to {calendar.last}"
                ]
            )
        return calendar.session(day) is not None

    def touching(self, product_type: str, dt: str) -> tuple[str, ...]:
        """The sessions of which some part lies on a UTC date, oldest first."""
        sessions = self.calendar(product_type).sessions_touching(date.fromisoformat(dt))
        return tuple(session.date.isoformat() for session in sessions)

    def between(self, stage: Stage, first: str, last: str) -> tuple[str, ...]:
        """The sessions of a stage, or its UTC dates, from a date to a date, both included."""
        if self._catalog.datasets[stage.anchor].dt_kind == "utc_date":
            begins = date.fromisoformat(first)
            count = (date.fromisoformat(last) - begins).days + 1
            return tuple((begins + timedelta(days=day)).isoformat() for day in range(count))
        found = self.calendar(stage.product_type).sessions(
            date.fromisoformat(first), date.fromisoformat(last)
        )
        return tuple(session.date.isoformat() for session in found)

    def session(self, stage: Stage, dt: str) -> Session | None:
        """The session of a date, for a stage that asks for it."""
        return self.calendar(stage.product_type).session(date.fromisoformat(dt))

    def last_sessions(self, product_type: str, today: date, count: int) -> list[str]:
        """The last sessions of a product up to today, oldest first; today's counts from its first second."""
        self.is_session(product_type, today.isoformat())  # or an error: the calendar ends before
        calendar = self.calendar(product_type)
        back = min(2 * count + 14, (today - calendar.first).days)
        sessions = calendar.sessions(today - timedelta(days=back), today)
        return [session.date.isoformat() for session in sessions][-count:]

    def closed(self, product_types: Iterable[str], first: str, last: str) -> str:
        """The one date that is asked for, if it is no session of any of the products and no session touches it."""
        if not first or first != last:
            return ""
        day = date.fromisoformat(first)
        calendars = [c for c in map(self.calendar, product_types) if c.covers(day)]
        is_open = any(c.session(day) is not None or c.sessions_touching(day) for c in calendars)
        return "" if is_open or not calendars else first

    def session_digest(self, stage: Stage, dt: str) -> str:
        """The digest of the calendar's row for a date."""
        return self.calendar(stage.product_type).digest([date.fromisoformat(dt)])

    def _dates(self, stage: Stage, read: Read, day: date) -> list[date]:
        calendar = self.calendar(stage.product_type)
        if read.previous and self._catalog.datasets[read.dataset].dt_kind == "utc_date":
            return [day - timedelta(days=1)]
        try:
            if read.map:
                return list(calendar.utc_days(day))
            if read.previous:
                return [calendar.offset(day, -1).date]
            first, last = read.days or (0, 0)
            return [session.date for session in calendar.window(day, first, last)] + self._after(read, day)
        except CalendarError:
            return []  # before the calendar begins, or no session: the step is missing its window, and says so

    def _after(self, read: Read, day: date) -> list[date]:
        """The days after a step's own on which something of it may have been told."""
        return [day + timedelta(days=n + 1) for n in range(read.late)]

    def _step_dates(self, stage: Stage, read: Read, day: date) -> list[date]:
        calendar = self.calendar(stage.product_type)
        if read.map:
            return [session.date for session in calendar.sessions_touching(day)]
        try:
            return [calendar.offset(day, -(read.days or (0, 0))[1]).date]
        except CalendarError:
            return []


def earliest(stages: Iterable[Stage], first: str) -> str:
    """How far back from a date the windows of these stages reach, one standing on another; no end for a history."""
    if not first:
        return ""
    days = 7  # a weekend and a holiday around a session's own UTC days
    stages = list(stages)
    if any(stands_on_itself(stage, stages) for stage in stages):
        return ""
    for stage in stages:
        days += max((1 - 2 * read.days[0] + 7 for read in stage.reads if read.days), default=0)
    return (date.fromisoformat(first) - timedelta(days=days)).isoformat()


def stands_on_itself(stage: Stage, stages: Iterable[Stage]) -> bool:
    """Whether a stage reads earlier days of its own tables, or of what is made from them."""
    found: set[str] = set()
    new = {read.dataset for read in stage.reads}
    while new:
        found |= new
        made = [each for each in stages if found & set(each.makes.values())]
        new = {read.dataset for each in made for read in each.reads} - found
    return bool(found & set(stage.makes.values()))


def latest(stages: Iterable[Stage], last: str) -> str:
    """The last UTC date that a session of this date can touch, or that tells more of it, one standing on another."""
    if last >= "9999":
        return last
    days = 2 + sum(max((read.late for read in stage.reads), default=0) for stage in stages)
    return (date.fromisoformat(last) + timedelta(days=days)).isoformat()
