"""Pulls, replenishes and flicker: lots that leave a side unfilled, that come back, and both in turns."""

from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats, Ints
from lakeflow.truth.events import Events, Limits, Signals, find
from lakeflow.truth.rules import Flicker, Shares
from lakeflow.truth.windows import lagged, total

AT_ONCE = Limits(exit_hold=1)


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


def snapbacks(replenished: Ints, pulled: Bools, window: int) -> Bools:
    """Which of the replenishes, given by their seconds, follow a pull of the same side within so many seconds."""
    before = np.concatenate([[0], total(pulled, window)])
    followed: Bools = before[replenished] > 0
    return followed


def rate(condition: Bools, obs: Bools, window: int) -> Floats:
    """Per second, over the window; a second in which nothing was seen cannot count."""
    return total(condition & obs, window) / window


def flickering(pulls: Ints, replenishes: Ints, spread_ticks: Floats, rule: Flicker, window: int) -> Bools:
    """`pulls` and `replenishes` are of both sides together. A spread that is not known has not changed."""
    moved = np.nan_to_num(np.diff(spread_ticks, prepend=spread_ticks[:1])) != 0
    return (
        (total(pulls, window) >= rule.pulls)
        & (total(replenishes, window) >= rule.replenishes)
        & (total(moved, window) >= rule.spread_changes)
    )


def flickers(condition: Bools, side: Side, rule: Flicker) -> Events:
    """Ends with the first of some seconds without flicker, or when nothing has been seen for longer."""
    rows = np.arange(len(condition))
    zeros = np.zeros(len(rows), np.int64)
    given = Signals(condition, zeros, rows, ~condition, zeros.astype(np.float64), side.age, side.halted)
    return find(given, Limits(exit_hold=rule.exit_hold_s, max_gap=rule.max_gap_s))
