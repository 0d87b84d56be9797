"""Returns of the mid, their root mean square over windows, and how suddenly they come."""

from typing import Any, NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats, Ints, plain
from lakeflow.truth.compiled import kernel, piece

BLOCK = 10


class Mids(NamedTuple):
    """Mids as they were seen. `mid` counts in the seconds of `obs` only; no return is taken across a halted second."""

    mid: Floats
    obs: Bools
    halted: Bools


class Volatility(NamedTuple):
    """`rms`, per square root of a second, NaN where too little is known; `cover`, observed seconds over the window."""

    rms: Floats
    cover: Floats


def log_returns(filled: Floats, lag: int) -> Floats:
    """ln(m(t) / m(t - lag)); NaN where either is not known, or not above 0 as the price of a spread can be."""
    logs = np.log(np.where(filled > 0, filled, np.nan))
    out = np.full(len(filled), np.nan)
    out[lag:] = logs[lag:] - logs[:-lag]
    return out


def volatility(mids: Mids, window: int, max_gap: int = 60, min_cover: float = 0.5) -> Volatility:
    """Squared returns over the seconds that passed, not over those observed: a gap's return stands for all its seconds.

    Seconds of a gap longer than `max_gap` and of a halt leave the mean; below `min_cover` of the window nothing is said.
    """
    rows = len(mids.mid)
    out = Volatility(np.full(rows, np.nan), np.full(rows, np.nan))
    blocks = rows // BLOCK + 1
    steps = Steps(np.zeros(rows), np.zeros(rows, np.bool_), np.zeros(blocks), np.zeros(blocks, np.int64))
    rms(Mids(*map(plain, mids)), (window, max_gap, min_cover * window), steps, out)
    return out


class Steps(NamedTuple):
    """The squared return that ends in each second and whether the second counts; sums and counts of blocks of ten."""

    square: Floats
    counts: Bools
    sums: Floats
    counted: Ints


@kernel
def rms(mids: Any, rule: Any, steps: Any, out: Any) -> None:
    window, max_gap, least = rule
    # last: the mid that returns are taken from, 0 for none · since: when it was seen · cut: a halt lies in between
    last, since, cut, seen = 0.0, 0, True, 0
    for t in range(len(mids.mid)):
        if mids.halted[t]:
            if not cut:
                forget(steps, since + 1, t)
            cut = True
        elif mids.obs[t]:
            if not cut and t - since <= max_gap:
                count(steps, t, np.log(mids.mid[t] / last) ** 2)
            else:
                forget(steps, since + 1, t)
            last, since, cut = mids.mid[t], t, False
        elif not cut and t - since <= max_gap:
            count(steps, t, 0.0)
        elif not cut and t - since == max_gap + 1:
            forget(steps, since + 1, t)
        seen += mids.obs[t]
        if t >= window:
            seen -= mids.obs[t - window]
            out.cover[t] = seen / window
            seconds, total = inside(steps, t - window + 1, t + 1)
            if seconds >= least:
                out.rms[t] = np.sqrt(total / seconds)


@piece
def count(steps: Any, t: Any, square: Any) -> None:
    steps.counts[t], steps.square[t] = True, square
    steps.sums[t // BLOCK] += square
    steps.counted[t // BLOCK] += 1


@piece
def forget(steps: Any, start: Any, end: Any) -> None:
    """Seconds in which nothing was seen count no more; their squares are 0 already."""
    for t in range(start, end):
        if steps.counts[t]:
            steps.counts[t] = False
            steps.counted[t // BLOCK] -= 1


@piece
def inside(steps: Any, start: Any, end: Any) -> Any:
    """Added up anew for each second, whole blocks at once: a sum that slides would keep the rounding of all before it."""
    seconds, total, at = 0, 0.0, start
    while at < end:
        if at % BLOCK == 0 and at + BLOCK <= end:
            seconds += steps.counted[at // BLOCK]
            total += steps.sums[at // BLOCK]
            at += BLOCK
        else:
            seconds += steps.counts[at]
            total += steps.square[at]
            at += 1
    return seconds, total


def acceleration(returns: Floats, window: int = 10) -> Floats:
    """|r| over the mean |r| of the window that ends here, from 0 to `window`; 0 where nothing moved."""
    out = np.full(len(returns), np.nan)
    if len(returns) >= window:
        means = np.lib.stride_tricks.sliding_window_view(np.abs(returns), window).mean(axis=1)
        now = np.abs(returns[window - 1 :])
        out[window - 1 :] = np.where(means == 0, 0.0, now / np.where(means == 0, 1.0, means))
    return out


def velocity(filled: Floats, tick: float, window: int = 10) -> Floats:
    """Ticks per second over the window."""
    out = np.full(len(filled), np.nan)
    out[window:] = (filled[window:] - filled[:-window]) / (tick * window)
    return out


def change(values: Floats, lag: int) -> Floats:
    """The value less what it was `lag` rows ago; NaN where either is not known."""
    out = np.full(len(values), np.nan)
    out[lag:] = values[lag:] - values[:-lag]
    return out
