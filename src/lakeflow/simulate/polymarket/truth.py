"""The venue's truth: hidden values that wander until their day, the questions asked of them, and what came of each."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from lakeflow.simulate.polymarket.draws import Draws

HOUR = timedelta(hours=1)
YES, NO, SPLIT, CANCELLED = "YES", "NO", "SPLIT", "CANCELLED"
NORMAL, DISPUTED, LATE, RULES_CHANGED = "NORMAL", "DISPUTED", "LATE", "RULES_CHANGED"
CATEGORIES = ("politics", "sports", "crypto", "economy", "weather")
RUNGS = (-1.2, -0.4, 0.4, 1.2)


class Market(NamedTuple):
    """One question: the hidden value ends above `above` and not above `below`; of thresholds nothing is above `below`."""

    number: int
    walk: int
    above: float
    below: float
    group: str | None  # one of its markets wins
    place: int
    category: str
    outcome: str
    course: str

    @property
    def item(self) -> str | None:
        """What tells it from the others of its event; None where it is alone."""
        if self.group:
            return f"{20 + self.place} degrees"
        return f"{100 + 10 * self.above:g}" if self.above in RUNGS else None

    @property
    def condition(self) -> str:
        return f"0x{self.number + 1:064x}"

    @property
    def tokens(self) -> tuple[str, str]:
        """Numbers of 77 digits, too long for any integer of a machine."""
        return str(10**76 + 2 * self.number), str(10**76 + 2 * self.number + 1)


class Venue(NamedTuple):
    """Everything that is so, whoever looks: markets, when they open and end, and the hidden values hour by hour."""

    first: datetime
    opens: tuple[datetime, ...]  # of each walk
    ends: tuple[datetime, ...]
    hours: int
    values: np.ndarray[tuple[int, int], np.dtype[np.float64]]  # by walk and hour
    markets: tuple[Market, ...]

    def chance(self, market: Market, at: datetime) -> float:
        """The true probability of a market at an instant: the value's distance to its bounds, by the time that is left."""
        hour = int((at - self.first) / HOUR)
        left = (self.ends[market.walk] - at) / HOUR
        value = self.values[market.walk, min(hour, self.hours - 1)]
        if left <= 0:
            return float(market.above < value <= market.below)
        spread = np.sqrt(left / self.span(market.walk))
        return float(ndtr((market.below - value) / spread) - ndtr((market.above - value) / spread))

    def span(self, walk: int) -> float:
        """Hours from a walk's beginning to its end, over which its value changes by a standard normal."""
        return float((self.ends[walk] - self.opens[walk]) / HOUR)

    def closes(self, market: Market) -> datetime:
        """When the venue closes a market: an hour after its end, of a late one two days."""
        return self.ends[market.walk] + (timedelta(days=2) if market.course == LATE else HOUR)


def venue(first: date, days: int, walks: int, seed: int) -> Venue:
    """A venue whose markets open before the first day and end on later ones; every third walk is a ladder of one winner, every sixth one of thresholds."""
    draws = Draws(seed)
    begins = datetime.combine(first, time(), UTC)
    opens = tuple(begins - timedelta(days=2) for _ in range(walks))
    ends = tuple(
        begins + timedelta(days=1 + walk % max(days - 1, 1), hours=6 + walk % 12) for walk in range(walks)
    )
    hours = 24 * (days + 2)
    steps = np.array([(end - begin) / HOUR for begin, end in zip(opens, ends, strict=True)])
    start = draws.normal((walks, 1)) * np.sqrt(48 / steps)[:, None]
    moves = draws.normal((walks, hours)) / np.sqrt(steps)[:, None]
    over = np.arange(hours)[None, :] < np.array([(end - begins) / HOUR for end in ends])[:, None]
    values = start + np.cumsum(np.where(over, moves, 0.0), axis=1)
    final = values[:, -1]
    markets: list[Market] = []
    for walk in range(walks):
        markets += asked(walk, float(final[walk]), len(markets), draws)
    return Venue(begins, opens, ends, hours, values, tuple(markets))


def asked(walk: int, final: float, number: int, draws: Draws) -> list[Market]:
    """The questions about one hidden value: five intervals of which one wins, whether it ends above each of four thresholds, or above 0."""
    category = CATEGORIES[walk % len(CATEGORIES)]
    odd = draws.chance()
    course = DISPUTED if odd < 0.04 else LATE if odd < 0.08 else RULES_CHANGED if odd < 0.12 else NORMAL
    if walk % 6 == 4:
        return [
            Market(
                number + place, walk, rung, np.inf, None, place, category, YES if final > rung else NO, course
            )
            for place, rung in enumerate(RUNGS)
        ]
    if walk % 3:
        outcome = SPLIT if odd > 0.97 else YES if final > 0 else NO
        return [Market(number, walk, 0.0, np.inf, None, 0, category, outcome, course)]
    edges = (-np.inf, *RUNGS, np.inf)
    gone = odd > 0.95
    return [
        Market(
            number + place, walk, low, high, f"0xgroup{walk}", place, "weather",
            CANCELLED if gone else YES if low < final <= high else NO, course,
        )
        for place, (low, high) in enumerate(pairwise(edges))
    ]  # fmt: skip
