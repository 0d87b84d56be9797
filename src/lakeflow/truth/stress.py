"""Vacuums, fear and chop: a book that is thin and wide, a fall through it, a market that goes nowhere."""

from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats, Ints
from lakeflow.truth.events import Events, Limits, Signals, find, held
from lakeflow.truth.returns import change, log_returns
from lakeflow.truth.rules import Chop, Fear, Vacuum
from lakeflow.truth.windows import lagged, path, total


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


def _over(value: Floats, usual: Floats) -> Floats:
    known = usual > 0
    return np.where(known, value / np.where(known, usual, 1.0), np.nan)


def usual(medians: Floats, of_slot: Floats | None = None) -> Floats:
    """The median of the same slot of earlier sessions; without them, that of the seconds up to 30 seconds ago."""
    trailing = lagged(medians, 30)
    return trailing if of_slot is None else np.where(np.isnan(of_slot), trailing, of_slot)


def vacuums(depth: Depth, clock: Clock, rule: Vacuum) -> Events:
    """Thin and wide at once; the peak is where the book is thinnest."""
    ratio, width = depth.ratio, depth.width
    enter = held(
        (ratio < rule.depth) & (width >= rule.spread) & (clock.age >= 0) & (clock.age <= rule.max_gap_s),
        rule.hold_s,
    )
    calm = (ratio >= rule.depth_back) & (width <= rule.spread_back)
    limits = Limits(rule.exit_hold_s, rule.min_dur_s, rule.cooldown_s, max_gap=rule.max_gap_s)
    return find(_plain(enter, rule.hold_s, calm, -ratio, clock), limits)


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


def fears(fall: Fall, clock: Clock, rule: Fear) -> Events:
    """A fall far beyond its volatility, in a vacuum, most trades selling; over when it is so much slower for some seconds."""
    window = rule.window_s
    fell = log_returns(fall.mid, window)
    bound = -rule.deviations * fall.slow * np.sqrt(window)
    sold, bought = total(fall.sold, window), total(fall.bought, window)
    selling = (sold > 0) & (sold >= rule.sold * (sold + bought))
    open_ = (total(clock.halted, window) == 0) & clock.covered(window)
    enter = held((fell < bound) & (fall.vacuum != 0) & selling & open_, rule.hold_s)
    calm = fell >= bound * rule.exit_frac
    given = _plain(enter, rule.hold_s, calm, fall.mid, clock)._replace(direction=np.full(len(enter), -1))
    return find(given, Limits(rule.exit_hold_s, max_dur=rule.max_s, max_gap=rule.max_gap_s))


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


def straightness(mid: Floats, window: int) -> Floats:
    """Net move over the way gone in the window, from 0 to 1; 0 where it stood still."""
    way = path(mid, window)
    return np.where(
        way > 0,
        np.abs(change(mid, window)) / np.where(way > 0, way, 1.0),
        np.where(np.isnan(way), np.nan, 0.0),
    )


def chops(now: Stillness, quiet: Quiet, elsewhere: Bools, clock: Clock, rule: Chop) -> Events:
    """Still for a while to enter, restless for some seconds to leave; none while a burst or fear (`elsewhere`) is known."""
    straight = straightness(now.mid, rule.er_s)
    still = (
        (now.vol <= quiet.vol)
        & (now.volume <= quiet.volume)
        & (now.spread <= quiet.spread)
        & (straight <= rule.er_enter)
    )
    enter = held(still & ~elsewhere & ~clock.halted, rule.min_s) & clock.covered(rule.min_s)
    calm = (now.vol > quiet.vol_exit) | (straight > rule.er_exit) | elsewhere
    # What stands still is seldom heard of: its gap is a long one.
    limits = Limits(rule.exit_hold_s, max_gap=rule.max_gap_s)
    return find(_plain(enter, rule.min_s, calm, -now.vol, clock), limits)


def _plain(enter: Bools, hold: int, calm: Bools, level: Floats, clock: Clock) -> Signals:
    """Signals of an event without a direction, which began with the first second of its hold."""
    rows = np.arange(len(enter))
    return Signals(
        enter, np.zeros(len(rows), np.int64), rows - hold + 1, calm, level, clock.age, clock.halted
    )
