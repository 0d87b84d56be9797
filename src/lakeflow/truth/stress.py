"""Vacuums, fear and chop: a book that is thin and wide, a fall through it, a market that goes nowhere."""

from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats, Ints
from lakeflow.truth.events import Events, Limits, Signals, find, held
from lakeflow.truth.returns import change, log_returns
from lakeflow.truth.windows import lagged, path, total

THIN = Limits(exit_hold=5, min_dur=2, cooldown=10)
FALL = Limits(exit_hold=5, max_dur=300, max_gap=5)
STILL = Limits(exit_hold=10, max_gap=60)  # what stands still is seldom heard of
FEAR_S, CHOP_S, CHOP_PATH = 30, 60, 300


class Clock(NamedTuple):
    """Seconds since the market was seen, and those in which it was halted."""

    age: Ints
    halted: Bools

    def covered(self, window: int) -> Bools:
        """Whether the market was seen in four of five seconds of the window that ends with each."""
        seen: Bools = 5 * total(self.age == 0, window) >= 4 * window
        return seen


class Depth(NamedTuple):
    """Near depth of both sides, the spread, and what is usual for the two."""

    bid: Floats
    ask: Floats
    spread: Floats
    usual_bid: Floats
    usual_ask: Floats
    usual_spread: Floats

    @property
    def ratio(self) -> Floats:
        return _over(self.bid + self.ask, self.usual_bid + self.usual_ask)

    @property
    def width(self) -> Floats:
        return _over(self.spread, self.usual_spread)


class Vacuum(NamedTuple):
    """Ratios to what is usual, to enter and to leave, and how long the entry must hold."""

    depth: float = 0.4
    spread: float = 2.0
    depth_back: float = 0.7
    spread_back: float = 1.3
    hold: int = 2


def _over(value: Floats, usual: Floats) -> Floats:
    known = usual > 0
    return np.where(known, value / np.where(known, usual, 1.0), np.nan)


def usual(medians: Floats, of_slot: Floats | None = None) -> Floats:
    """The median of the same slot of earlier sessions; without them, that of the seconds up to 30 seconds ago."""
    trailing = lagged(medians, 30)
    return trailing if of_slot is None else np.where(np.isnan(of_slot), trailing, of_slot)


def vacuums(depth: Depth, clock: Clock, rule: Vacuum, max_gap: int = 5) -> Events:
    """Thin and wide at once; the peak is where the book is thinnest."""
    ratio, width = depth.ratio, depth.width
    enter = held(
        (ratio < rule.depth) & (width >= rule.spread) & (clock.age >= 0) & (clock.age <= max_gap), rule.hold
    )
    calm = (ratio >= rule.depth_back) & (width <= rule.spread_back)
    limits = THIN._replace(max_gap=max_gap)
    return find(_plain(enter, rule.hold, calm, -ratio, clock), limits)


def thin_sides(depth: Depth, events: Events, rule: Vacuum) -> list[str]:
    """b, a or both: which side was below its own threshold where the book was thinnest; the thinner if neither."""
    bid, ask = (
        _over(depth.bid, depth.usual_bid)[events.t_peak],
        _over(depth.ask, depth.usual_ask)[events.t_peak],
    )
    names = np.where(bid <= ask, "b", "a")
    both = (bid < rule.depth) & (ask < rule.depth)
    return [str(name) for name in np.where(both, "both", names)]


class Fall(NamedTuple):
    """What fear is told by: the carried mid, volatility over 300 seconds, lots bought and sold, vacuums as known."""

    mid: Floats
    slow: Floats
    bought: Ints
    sold: Ints
    vacuum: Ints


def fears(fall: Fall, clock: Clock, times: float = 2.0, share: float = 0.65, hold: int = 3) -> Events:
    """A fall beyond `times` its volatility, in a vacuum, most trades selling; over when it is half as fast for five seconds."""
    fell = log_returns(fall.mid, FEAR_S)
    bound = -times * fall.slow * np.sqrt(FEAR_S)
    sold, bought = total(fall.sold, FEAR_S), total(fall.bought, FEAR_S)
    selling = (sold > 0) & (sold >= share * (sold + bought))
    halted = total(clock.halted, FEAR_S) > 0
    open_ = ~halted & clock.covered(FEAR_S)
    enter = held((fell < bound) & (fall.vacuum != 0) & selling & open_, hold)
    rows = len(enter)
    given = _plain(enter, hold, fell >= bound / 2, fall.mid, clock)._replace(direction=np.full(rows, -1))
    return find(given, FALL)


class Stillness(NamedTuple):
    """Volatility and volume over 30 seconds, the spread and the mid."""

    vol: Floats
    volume: Ints
    spread: Floats
    mid: Floats


class Quiet(NamedTuple):
    """Quantiles of the same slot in earlier sessions, one for each second."""

    vol: Floats
    volume: Floats
    spread: Floats
    vol_exit: Floats


def straightness(mid: Floats) -> Floats:
    """Net move over the way gone in 300 seconds, from 0 to 1; 0 where it stood still."""
    way = path(mid, CHOP_PATH)
    return np.where(
        way > 0,
        np.abs(change(mid, CHOP_PATH)) / np.where(way > 0, way, 1.0),
        np.where(np.isnan(way), np.nan, 0.0),
    )


def chops(now: Stillness, quiet: Quiet, elsewhere: Bools, clock: Clock) -> Events:
    """A minute of it to enter, ten seconds without to leave; none while a burst or fear (`elsewhere`) is known."""
    straight = straightness(now.mid)
    still = (
        (now.vol <= quiet.vol)
        & (now.volume <= quiet.volume)
        & (now.spread <= quiet.spread)
        & (straight <= 0.15)
    )
    enter = held(still & ~elsewhere & ~clock.halted, CHOP_S) & clock.covered(CHOP_S)
    calm = (now.vol > quiet.vol_exit) | (straight > 0.30) | elsewhere
    return find(_plain(enter, CHOP_S, calm, -now.vol, clock), STILL)


def _plain(enter: Bools, hold: int, calm: Bools, level: Floats, clock: Clock) -> Signals:
    """Signals of an event without a direction, which began with the first second of its hold."""
    rows = np.arange(len(enter))
    return Signals(
        enter, np.zeros(len(rows), np.int64), rows - hold + 1, calm, level, clock.age, clock.halted
    )
