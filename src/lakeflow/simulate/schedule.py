"""When a fast day has how many events, and between which of them something out of the ordinary happens."""

from datetime import date
from typing import NamedTuple

import numpy as np

from lakeflow.simulate.clock import weights
from lakeflow.simulate.plain import Longs

MINUTES = 1_440
STRETCHES = 32  # a day's events in as many parts; between two of them there may be a scene
HALT = (16 * 60 + 10, 4)  # minute of the UTC date, and minutes
BEFORE_OPEN = 15  # minutes in which orders may cross

# After which stretch, what, and to which book, counted from the first.
SCENES = (
    (4, "gap", 0),
    (6, "recovery", 0),
    (8, "bare", 0),
    (11, "clears", 1),
    (14, "gap", 0),
    (17, "bare", 1),
    (20, "recovery", 1),
    (23, "clears", 0),
    (26, "gap", 0),
    (29, "recovery", 0),
)


class Hours(NamedTuple):
    """How busy each minute of a UTC date is, and whether it is one before an open."""

    busy: tuple[float, ...]
    opening: tuple[bool, ...]


def hours(day: date, hazards: frozenset[str]) -> Hours:
    """CME's minutes: none while it is halted, and some before an open where orders may cross."""
    return with_hazards(weights(day), hazards)


def with_hazards(given: list[float], hazards: frozenset[str]) -> Hours:
    """The minutes of any venue, with its halt and what comes before its open."""
    busy, opening = list(given), [False] * MINUTES
    if "preopen" in hazards:
        for minute in range(BEFORE_OPEN, MINUTES):
            if given[minute] and not given[minute - 1]:
                busy[minute - BEFORE_OPEN : minute] = [1.0] * BEFORE_OPEN
                opening[minute - BEFORE_OPEN : minute] = [True] * BEFORE_OPEN
    if "halt" in hazards:
        busy[HALT[0] : sum(HALT)] = [0.0] * HALT[1]
    return Hours(tuple(busy), tuple(opening))


def due(busy: tuple[float, ...], events: int) -> Longs:
    """So many events over the minutes of a day, in whole numbers that add up."""
    total = sum(busy)
    if not total:
        return np.zeros(MINUTES, np.int64)
    passed = np.round(np.cumsum(busy) / total * events).astype(np.int64)
    return np.diff(passed, prepend=0)


def scenes(after: int, hazards: frozenset[str]) -> list[tuple[str, int]]:
    """What happens when a stretch of the day is over, and to which book."""
    return [(what, book) for when, what, book in SCENES if when == after and what in hazards]
