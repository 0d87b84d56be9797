"""Bursts: the price goes far in ten seconds, by a leap, and far beyond the volatility it had."""

from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats, Ints
from lakeflow.truth.events import Events, Limits, Signals, find
from lakeflow.truth.refusals import of_thresholds
from lakeflow.truth.returns import change
from lakeflow.truth.rules import PRINTED, Burst, Thresholds

ROUNDING = 1e-9  # a move of exactly the threshold is a burst, though a difference of floats falls short of it


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
    if found := list(of_thresholds(name, rule)):
        raise ValueError("\n".join(found))
    return rule


def bursts(market: Market, rule: Thresholds, how: Burst = PRINTED.burst) -> Events:
    limits = Limits(
        how.exit_hold_s, how.min_dur_s, how.cooldown_s, how.merge_gap_s, how.max_dur_s, how.max_gap_s
    )
    return find(signals(market, checked("burst", rule), how), limits)


def signals(market: Market, rule: Thresholds, how: Burst = PRINTED.burst) -> Signals:
    """Far, fast and by a leap to enter, with enough seen; near and slow to be calm. What is not known is neither."""
    moved = change(market.mid, how.lookback_s)
    direction = np.where(moved > 0, 1, -1)
    far = np.abs(moved) >= rule.move - ROUNDING
    leapt = _latest(np.abs(change(market.mid, 1)), how.step_s).max(axis=1) >= rule.step - ROUNDING
    seen = _latest(market.obs.astype(np.float64), how.lookback_s).mean(axis=1) >= how.min_cov
    open_ = _latest(market.halted.astype(np.float64), how.lookback_s).max(axis=1) == 0
    still = np.abs(change(market.mid, how.end_s)) < rule.end - ROUNDING
    return Signals(
        enter=far & leapt & seen & open_ & (market.fast > rule.enter * market.slow),
        direction=direction,
        origin=_origin(market.mid, direction, how.lookback_s),
        calm=still & (market.fast < rule.leave * market.slow),
        level=market.mid,
        age=market.age,
        halted=market.halted,
    )


def _latest(values: Floats, count: int) -> Floats:
    """The last so many values up to each second, NaN before the session; by columns, as they are compared in a tenth of the time."""
    padded = np.concatenate([np.full(count - 1, np.nan), values])
    return np.asfortranarray(np.lib.stride_tricks.sliding_window_view(padded, count))


def _origin(mid: Floats, direction: Ints, lookback: int) -> Ints:
    """The last second of the lookback in which the price was at its lowest, for a move up, or at its highest."""
    against = -direction[:, None] * _latest(mid, lookback + 1)
    back = np.argmax(np.where(np.isnan(against), -np.inf, against)[:, ::-1], axis=1)
    origin: Ints = np.arange(len(mid)) - back
    return origin
