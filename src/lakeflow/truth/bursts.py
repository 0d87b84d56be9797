"""Bursts: the price goes far in ten seconds, by a leap, and far beyond the volatility it had."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats, Ints
from lakeflow.truth.events import Events, Limits, Signals, find
from lakeflow.truth.returns import change

LOOKBACK = 10
STEPS = 3
CALM_OVER = 5
FAST, SLOW = 10, 120
LIMITS = Limits(exit_hold=3, min_dur=3, cooldown=10, merge_gap=5, max_dur=300, max_gap=5)
ROUNDING = 1e-9  # a move of exactly the threshold is a burst, though a difference of floats falls short of it


class Thresholds(NamedTuple):
    """`move` over ten seconds, `step` in one and `end` over five, in points; `enter` and `leave` are ratios of volatility."""

    move: float
    step: float
    enter: float
    leave: float
    end: float


class Market(NamedTuple):
    """The seconds of a session: the carried mid with when it was seen, its volatility over 10 and 120 seconds."""

    mid: Floats
    obs: Bools
    age: Ints
    halted: Bools
    fast: Floats
    slow: Floats


def checked(name: str, rule: Thresholds) -> Thresholds:
    """The thresholds, unless no market can meet them or an event would never know that it is over."""
    if found := list(faults(name, rule)):
        raise ValueError("\n".join(found))
    return rule


def faults(name: str, rule: Thresholds) -> Iterator[str]:
    bound = math.sqrt(SLOW / FAST)
    if rule.enter >= bound:
        yield f"{name}: expected k1 below sqrt({SLOW // FAST}) = {bound:.4f}, the most that rv_10 / rv_120 can be, found {rule.enter}"
    if rule.leave >= rule.enter:
        yield f"{name}: expected k2 below k1 = {rule.enter}, so that a burst ends calmer than it began, found {rule.leave}"


def bursts(market: Market, rule: Thresholds, limits: Limits = LIMITS, min_cover: float = 0.8) -> Events:
    return find(signals(market, checked("burst", rule), min_cover), limits)


def signals(market: Market, rule: Thresholds, min_cover: float = 0.8) -> Signals:
    """Far, fast and by a leap to enter, with enough seen; near and slow to be calm. What is not known is neither."""
    moved = change(market.mid, LOOKBACK)
    direction = np.where(moved > 0, 1, -1)
    far = np.abs(moved) >= rule.move - ROUNDING
    leapt = _latest(np.abs(change(market.mid, 1)), STEPS).max(axis=1) >= rule.step - ROUNDING
    seen = _latest(market.obs.astype(np.float64), LOOKBACK).mean(axis=1) >= min_cover
    open_ = _latest(market.halted.astype(np.float64), LOOKBACK).max(axis=1) == 0
    still = np.abs(change(market.mid, CALM_OVER)) < rule.end - ROUNDING
    return Signals(
        enter=far & leapt & seen & open_ & (market.fast > rule.enter * market.slow),
        direction=direction,
        origin=_origin(market.mid, direction),
        calm=still & (market.fast < rule.leave * market.slow),
        level=market.mid,
        age=market.age,
        halted=market.halted,
    )


def _latest(values: Floats, count: int) -> Floats:
    """The last so many values up to each second, NaN before the session; by columns, as they are compared in a tenth of the time."""
    padded = np.concatenate([np.full(count - 1, np.nan), values])
    return np.asfortranarray(np.lib.stride_tricks.sliding_window_view(padded, count))


def _origin(mid: Floats, direction: Ints) -> Ints:
    """The last second of the lookback in which the price was at its lowest, for a move up, or at its highest."""
    against = -direction[:, None] * _latest(mid, LOOKBACK + 1)
    back = np.argmax(np.where(np.isnan(against), -np.inf, against)[:, ::-1], axis=1)
    origin: Ints = np.arange(len(mid)) - back
    return origin
