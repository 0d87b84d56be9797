"""The dates that a command names: one day, a range with both ends included, a month, or the last few of something."""

import calendar
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from lakeflow.errors import UsageError

ACCEPTED = (
    "2026-01-06, 2026-01, 2026-01-05..2026-01-29 (both ends included), 2026-01-05.., ..2026-01-29, "
    "last 5 sessions, last 5 days, today, yesterday"
)
FIRST, LAST = "0001-01-01", "9999-12-31"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
RECENT = re.compile(r"last\s+([0-9]+)\s+(session|day)s?")

Sessions = Callable[[int], Sequence[str]]  # the last n sessions of a product's calendar, oldest first


class Span(NamedTuple):
    """From one ISO date to another, both included."""

    first: str
    last: str


@dataclass(frozen=True)
class Dates:
    """Spans that do not touch, oldest first; and how many sessions back, until a calendar has said which these are."""

    spans: tuple[Span, ...] = ()
    last_sessions: int = 0

    @property
    def first(self) -> str:
        """The earliest date of all, for those who want only the ends."""
        return self.spans[0].first if self.spans else LAST

    @property
    def last(self) -> str:
        return self.spans[-1].last if self.spans else FIRST

    @property
    def is_bounded(self) -> bool:
        return self.first != FIRST and self.last != LAST

    def contains(self, iso: str) -> bool:
        self._ask_resolved()
        return any(span.first <= iso <= span.last for span in self.spans)

    def days(self) -> list[str]:
        """Every day of the spans, oldest first."""
        self._ask_resolved()
        if not self.is_bounded:
            raise UsageError(f"expected dates with both ends, found {self}; say 2026-01-05..2026-01-29")
        return [day for span in self.spans for day in _days(span)]

    def resolved(self, sessions: Sessions) -> "Dates":
        """The same dates with `last n sessions` as the days that they are in one calendar."""
        if not self.last_sessions:
            return self
        found = list(sessions(self.last_sessions))
        if len(found) < self.last_sessions:
            raise UsageError(
                f"--dt last {self.last_sessions} sessions: expected that many in the calendar, found {len(found)}; ask for fewer"
            )
        return Dates(_merged([*self.spans, *(Span(day, day) for day in found)]))

    def _ask_resolved(self) -> None:
        if self.last_sessions:
            raise ValueError(f"`last {self.last_sessions} sessions` was not resolved by a calendar")

    def __str__(self) -> str:
        said = [
            f"{_shown(s.first, FIRST)}..{_shown(s.last, LAST)}" if s.first < s.last else s.first
            for s in self.spans
        ]
        return ", ".join(said + [f"last {self.last_sessions} sessions"] * bool(self.last_sessions))


EVERY_DATE = Dates((Span(FIRST, LAST),))


def parse_dates(text: str, today: date, sessions: Sessions | None = None) -> Dates:
    """What a text means, several forms with commas between them; see ACCEPTED for the forms."""
    spans, recent = [], 0
    for word in (part.strip() for part in text.split(",")):
        match = RECENT.fullmatch(word)
        if match and match[2] == "session":
            recent = max(recent, _count(word, match[1]))
        else:
            spans.append(_span(word, today))
    dates = Dates(_merged(spans), recent)
    return dates.resolved(sessions) if sessions else dates


def dates_asked(texts: Iterable[str], since: str | None, until: str | None, today: date) -> Dates:
    """What `--dt`, said any number of times, or `--from` and `--to` mean; every date when nothing was said."""
    said = list(texts)
    if since is None and until is None:
        return parse_dates(",".join(said), today) if said else EVERY_DATE
    if said:
        raise UsageError("expected --dt or --from/--to, found both; --from A --to B is --dt A..B")
    for option, text in (("--from", since), ("--to", until)):
        if text is not None and not text.strip():
            raise UsageError(f"{option} {text!r}: expected a date, found none; leave it out for no such end")
    return parse_dates(f"{since or ''}..{until or ''}", today)


def _span(word: str, today: date) -> Span:
    if ".." not in word:
        return _named(word, today)
    start, end = (part.strip() for part in word.split("..", 1))
    if not start and not end:
        raise _bad(word)
    first = _named(start, today).first if start else FIRST
    last = _named(end, today).last if end else LAST
    if first > last:
        raise UsageError(
            f"{word}: expected the earlier date first, found {first} after {last}; say {end}..{start}"
        )
    return Span(first, last)


def _named(word: str, today: date) -> Span:
    """One date, month or number of days."""
    if match := RECENT.fullmatch(word):
        if match[2] == "session":
            raise UsageError(
                f"{word}: a number of sessions cannot be the end of a range; dates are {ACCEPTED}"
            )
        return _last_days(word, _count(word, match[1]), today)
    if word in ("today", "yesterday"):
        day = (today - timedelta(days=word == "yesterday")).isoformat()
        return Span(day, day)
    return _from_calendar(word)


def _from_calendar(word: str) -> Span:
    try:
        if MONTH.fullmatch(word):
            first = date.fromisoformat(f"{word}-01")
            return Span(first.isoformat(), f"{word}-{calendar.monthrange(first.year, first.month)[1]}")
        if DAY.fullmatch(word):
            return Span(date.fromisoformat(word).isoformat(), word)
    except ValueError as error:
        raise UsageError(f"{word}: expected a date that there is, found {error}") from error
    raise _bad(word)


def _last_days(word: str, count: int, today: date) -> Span:
    """Today is one of them."""
    try:
        return Span((today - timedelta(days=count - 1)).isoformat(), today.isoformat())
    except OverflowError as error:
        raise UsageError(f"{word}: expected at most the days since year 1, {today.toordinal()}") from error


def _count(word: str, digits: str) -> int:
    if int(digits) == 0:
        raise UsageError(f"{word}: expected at least 1, found 0")
    return int(digits)


def _bad(word: str) -> UsageError:
    return UsageError(f"{word!r}: expected dates as {ACCEPTED}; found none of these")


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same days in spans that do not overlap, oldest first."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.first <= merged[-1].last:
            merged[-1] = Span(merged[-1].first, max(span.last, merged[-1].last))
        else:
            merged.append(span)
    assert all(one.last < two.first for one, two in pairwise(merged))
    return tuple(merged)


def _days(span: Span) -> Iterable[str]:
    first, last = date.fromisoformat(span.first), date.fromisoformat(span.last)
    return ((first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1))


def _shown(iso: str, end: str) -> str:
    return "" if iso == end else iso
