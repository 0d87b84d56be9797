"""The venue's truth: hidden values that wander until their day, the questions asked of them, and what came of each."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from lakeflow.simulate.polymarket.draws import Draws

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YES, NO, SPLIT, CANCELLED = "YES", "NO", "SPLIT", "CANCELLED"
NORMAL, DISPUTED, LATE, RULES_CHANGED = "NORMAL", "DISPUTED", "LATE", "RULES_CHANGED"
CATEGORIES = ("politics", "sports", "crypto", "economy", "weather")
FINER, FINER_FROM = (
    6,
    timedelta(hours=7),
)  # of ten markets: its tick becomes a tenth, on the first day from then on
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
    rate: float = 0.0  # a day, of something that may happen until the end; 0 of a hidden value
    happens: datetime | None = None

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
        if market.rate:
            return happening(market, self.ends[market.walk], at)
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

    def over(self, market: Market) -> datetime:
        """When it is known how a market ended: at its end, or when what was asked for happened."""
        return market.happens or self.ends[market.walk]

    def closes(self, market: Market) -> datetime:
        """When the venue closes a market: as it happens, else an hour after its end, of a late one two days."""
        return market.happens or self.ends[market.walk] + (
            timedelta(days=2) if market.course == LATE else HOUR
        )

    def settles(self, market: Market) -> datetime:
        """When its answer is final: as it closes, of a disputed one a day later."""
        return self.closes(market) + (DAY if market.course == DISPUTED else timedelta(0))


def happening(market: Market, end: datetime, at: datetime) -> float:
    """The chance that something comes before its end, at the same rate always."""
    if market.happens is not None and at >= market.happens:
        return 1.0
    return float(-np.expm1(-market.rate * max((end - at) / DAY, 0.0)))


def venue(first: date, days: int, walks: int, seed: int, deadlines: int = 0) -> Venue:
    """A venue whose markets open before the first day and end on later ones; every third walk is a ladder of one winner, every sixth one of thresholds.

    After them come questions with a deadline: it happens until the last day but one, or it does not.
    """
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
    last = begins + timedelta(days=days - 1, hours=8)
    for walk in range(walks, walks + deadlines):
        markets.append(until(last, begins, walk, len(markets), draws))
    more = (begins,) * deadlines, (last,) * deadlines
    return Venue(begins, opens + more[0], ends + more[1], hours, values, tuple(markets))


def until(end: datetime, begins: datetime, walk: int, number: int, draws: Draws) -> Market:
    """A question that asks whether something happens before its end: at a rate of its own, the same at every instant."""
    span = (end - begins) / DAY
    rate = -1.26 * float(np.log(draws.chance())) / span
    after = -float(np.log(draws.chance())) / rate
    happens = begins + timedelta(seconds=int(after * 86_400)) if after < span else None
    outcome = YES if happens else NO
    return Market(number, walk, 0.0, np.inf, None, 0, "world", outcome, NORMAL, rate, happens)


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
