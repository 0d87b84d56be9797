"""When things happen: CME's open minutes of a UTC date, busy ones weighted, and event times drawn from them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from lakeflow.simulate.contracts import nanoseconds
from lakeflow.simulate.trade_dates import CHICAGO, CLOSE, SATURDAY, following

MINUTE = 60_000_000_000
DAY = 1_440 * MINUTE
PIT = (time(8, 30), time(15, 0))  # the hours of the stock market, where most of the day happens
BREAK = (CLOSE, time(17, 0))
MINUTES = 1_440


def weights(day: date) -> list[float]:
    """How busy each of the 1,440 minutes of a UTC date is; 0 while the market is closed."""
    start = datetime.combine(day, time(), UTC)
    return [_weight((start + timedelta(minutes=n)).astimezone(CHICAGO)) for n in range(1_440)]


def _weight(local: datetime) -> float:
    at, weekday = local.time(), local.weekday()
    closed = weekday == 5 or (weekday == 4 and at >= BREAK[0]) or (weekday == 6 and at < BREAK[1])
    if closed or BREAK[0] <= at < BREAK[1]:
        return 0.0
    if not PIT[0] <= at < PIT[1]:
        return 1.0
    opening = (local - datetime.combine(local.date(), PIT[0], CHICAGO)) / timedelta(minutes=15)
    return 4.0 + 6.0 * max(0.0, 1.0 - opening)


def events_on(day: date, events: int) -> int:
    """How many of a weekday's events a UTC date has: a Sunday has those of its evening."""
    if day.weekday() < SATURDAY:
        return events
    return round(events * sum(weights(day)) / sum(weights(following(day))))


def moments(
    day: date, events: int, chance: Iterator[float], minutes: range = range(MINUTES)
) -> Iterator[int]:
    """The times of so many events that lie in these minutes, ascending; nothing on a day when the market is closed."""
    heavy, start = weights(day), nanoseconds(day)
    total, passed, given = sum(heavy), 0.0, 0
    for minute, weight in enumerate(heavy):
        if not weight:
            continue
        passed += weight
        due = round(events * passed / total)
        if minute not in minutes:
            given = due
            continue
        # A little short of the minute, so that what is received a moment later is still of this date.
        offsets = sorted(int(next(chance) * 0.99 * MINUTE) for _ in range(due - given))
        given = due
        yield from (start + minute * MINUTE + offset for offset in offsets)


def changes(day: date) -> list[tuple[int, bool]]:
    """Whether the market is open at the start of a UTC date, and each time that changes."""
    found: list[tuple[int, bool]] = []
    for minute, weight in enumerate(weights(day)):
        if not found or found[-1][1] != (weight > 0):
            found.append((nanoseconds(day) + minute * MINUTE, weight > 0))
    return found
