"""Pulls, replenishes and flicker: lots that leave a side unfilled, that come back, and both in turns."""

from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats, Ints
from lakeflow.truth.events import Events, Limits, Signals, find
from lakeflow.truth.windows import lagged, total

WINDOW = 30
AT_ONCE = Limits(exit_hold=1)
FLICKERING = Limits(exit_hold=5, max_gap=5)


class Side(NamedTuple):
    """The first five ticks of a side, second by second: lots at the start and the end, what came and went, and a usual depth.

    `usual` is the median depth at the end of the seconds up to each. What is not known is NaN, and no event.
    """

    start: Floats
    end: Floats
    added: Ints
    cancelled: Ints
    filled: Ints
    obs: Bools
    age: Ints
    halted: Bools
    usual: Floats


class Shares(NamedTuple):
    """Shares of the depth at the second's start, and of the median depth below which a change is no event."""

    drop: float = 0.35
    rise: float = 0.25
    fills: float = 0.05
    least: float = 0.5


class Flicker(NamedTuple):
    """How many of each within thirty seconds."""

    pulls: int = 5
    replenishes: int = 5
    spread_changes: int = 10


def is_pull(side: Side, shares: Shares) -> Bools:
    """Much was cancelled and next to nothing filled."""
    much = (side.cancelled >= shares.drop * side.start) & (side.filled <= shares.fills * side.start)
    return much & _counts(side, shares, -1)


def is_replenish(side: Side, shares: Shares) -> Bools:
    """Much was added, and there is more than before."""
    return (side.added >= shares.rise * side.start) & _counts(side, shares, 1)


def _counts(side: Side, shares: Shares, way: int) -> Bools:
    """Depth changed that way, and by enough lots: without a least change, replenishes outnumber pulls twentyfold."""
    usual = lagged(side.usual, 1)
    changed = way * (side.end - side.start)
    enough: Bools = (changed > 0) & (changed >= shares.least * np.nan_to_num(usual, nan=np.inf))
    return enough & side.obs & (side.start > 0) & ~side.halted


def at_once(condition: Bools, side: Side, direction: int) -> Events:
    """Events that are over as soon as a second does not meet the condition."""
    rows = len(condition)
    return find(
        Signals(
            enter=condition,
            direction=np.full(rows, direction),
            origin=np.arange(rows),
            calm=~condition,
            level=np.abs(side.end - side.start) * direction,
            age=side.age,
            halted=side.halted,
        ),
        AT_ONCE,
    )


def snapbacks(replenished: Ints, pulled: Bools) -> Bools:
    """Which of the replenishes, given by their seconds, follow a pull of the same side within thirty seconds."""
    before = np.concatenate([[0], total(pulled, WINDOW)])
    followed: Bools = before[replenished] > 0
    return followed


def rate(condition: Bools, obs: Bools) -> Floats:
    """Per second, over thirty; a second in which nothing was seen cannot count."""
    return total(condition & obs, WINDOW) / WINDOW


def flickering(pulls: Ints, replenishes: Ints, spread_ticks: Floats, rule: Flicker) -> Bools:
    """`pulls` and `replenishes` are of both sides together."""
    moved = np.diff(np.nan_to_num(spread_ticks), prepend=np.nan_to_num(spread_ticks)[:1]) != 0
    return (
        (total(pulls, WINDOW) >= rule.pulls)
        & (total(replenishes, WINDOW) >= rule.replenishes)
        & (total(moved, WINDOW) >= rule.spread_changes)
    )


def flickers(condition: Bools, side: Side) -> Events:
    """Ends with the first of five seconds without flicker, or when nothing has been seen for longer."""
    rows = np.arange(len(condition))
    zeros = np.zeros(len(rows), np.int64)
    given = Signals(condition, zeros, rows, ~condition, zeros.astype(np.float64), side.age, side.halted)
    return find(given, FLICKERING)
