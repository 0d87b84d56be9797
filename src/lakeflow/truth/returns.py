"""Returns of the mid, their root mean square over windows, and how suddenly they come."""

from typing import Any, NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats, plain
from lakeflow.truth.compiled import kernel, piece


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
    A mid that is not above 0 has no logarithm: its seconds leave the mean as those of a halt do, and so does the way back from it.
    """
    rows = len(mids.mid)
    out = Volatility(np.full(rows, np.nan), np.full(rows, np.nan))
    steps = Steps(np.zeros(rows), np.zeros(rows, np.bool_), np.zeros(rows), np.zeros(rows))
    outside = mids.halted | (mids.obs & ~(mids.mid > 0))
    rms(Mids(*map(plain, mids._replace(halted=outside))), (window, max_gap, min_cover * window), steps, out)
    return out


class Steps(NamedTuple):
    """The squared return that ends in each second, whether the second counts, how many of its window do, as known then.

    `rest` are the squares from a second to the end of its block, a block being as long as the window.
    """

    square: Floats
    counts: Bools
    inside: Floats
    rest: Floats


@kernel
def rms(mids: Any, rule: Any, steps: Any, out: Any) -> None:
    """A window is the rest of one block and the head of the next: a sum that slides would keep the rounding of all before it."""
    window, max_gap, least = rule
    count(mids, window, max_gap, steps)
    # head: squares since the block began · seen: seconds of the window with a mid
    head, seen = 0.0, 0
    for t in range(len(mids.mid)):
        head = steps.square[t] + (head if t % window else 0.0)
        seen += mids.obs[t]
        if t >= window:
            seen -= mids.obs[t - window]
            out.cover[t] = seen / window
            start = t - window + 1
            if steps.inside[t] >= least:
                total = head + (steps.rest[start] if start % window else 0.0)
                out.rms[t] = np.sqrt(total / steps.inside[t])
        if t % window == window - 1:
            add_backwards(steps, t, window)


@piece
def count(mids: Any, window: Any, max_gap: Any, steps: Any) -> None:
    # last: the mid that returns are taken from, 0 for none · since: when it was seen · cut: a halt lies in between
    last, since, cut, seconds = 0.0, 0, True, 0
    for t in range(len(mids.mid)):
        seconds -= steps.counts[t - window] if t >= window else 0
        is_near = not cut and t - since <= max_gap
        if mids.obs[t] and is_near and not mids.halted[t]:
            steps.counts[t], steps.square[t] = True, np.log(mids.mid[t] / last) ** 2
        elif mids.halted[t] or mids.obs[t] or not is_near:
            seconds -= 0 if cut else forget(steps, since + 1, t, t - window)
            cut = True
        else:
            steps.counts[t] = True
        if mids.obs[t] and not mids.halted[t]:
            last, since, cut = mids.mid[t], t, False
        seconds += steps.counts[t]
        steps.inside[t] = seconds


@piece
def add_backwards(steps: Any, end: Any, window: Any) -> None:
    total = 0.0
    for back in range(window):
        total += steps.square[end - back]
        steps.rest[end - back] = total


@piece
def forget(steps: Any, start: Any, end: Any, before: Any) -> int:
    """Seconds in which nothing was seen count no more, and how many of them lie after `before`; their squares are 0 already."""
    forgotten = 0
    for t in range(start, end):
        if steps.counts[t]:
            steps.counts[t] = False
            forgotten += t > before
    return forgotten


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
