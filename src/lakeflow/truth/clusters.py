"""The day-cluster bootstrap: whole days are drawn again, since what happens within a day goes together."""

import hashlib
from typing import Any, NamedTuple

import numpy as np

from lakeflow.truth.arrays import Floats, Ints, plain
from lakeflow.truth.compiled import kernel
from lakeflow.truth.intervals import Interval


class Draws(NamedTuple):
    """How often, at what level, and the words the seed is made of: the same cell draws the same days anywhere.

    Under `min_days` that have something to say no interval is told.
    """

    key: str
    times: int = 2000
    level: float = 0.95
    min_days: int = 8


class Totals(NamedTuple):
    """What a mean is made of, one item a day."""

    sums: Floats
    counts: Ints


def weights(days: int, draws: Draws) -> Floats:
    """How often each day is drawn, a row a draw."""
    seed = int.from_bytes(hashlib.sha256(draws.key.encode()).digest()[:8])
    drawn = np.random.default_rng(seed).integers(days, size=(draws.times, days))
    places = drawn + days * np.arange(draws.times)[:, None]
    counted = np.bincount(places.ravel(), minlength=draws.times * days)
    return counted.reshape(draws.times, days).astype(np.float64)


def means(totals: Totals, drawn: Floats) -> Floats:
    """The mean of every draw; NaN for one that drew nothing."""
    counts = drawn @ totals.counts
    return np.where(counts > 0, drawn @ totals.sums / np.maximum(counts, 1), np.nan)


def medians(values: Floats, day: Ints, drawn: Floats) -> Floats:
    """The median of every draw, of `values` that each lie on a day: the lower one where two share the middle."""
    order = np.argsort(values, kind="stable")
    totals = drawn @ np.bincount(day, minlength=drawn.shape[1]).astype(np.float64)
    out = np.full(len(drawn), np.nan)
    middle(plain(values[order]), plain(day[order]), plain(drawn), plain(totals), out)
    return out


@kernel
def middle(values: Any, day: Any, drawn: Any, totals: Any, out: Any) -> None:
    for draw in range(len(drawn)):
        # reached: the weight of the values up to here
        reached = 0.0
        for i in range(len(values)):
            reached += drawn[draw, day[i]]
            if totals[draw] > 0 and 2 * reached >= totals[draw]:
                out[draw] = values[i]
                break


def interval(statistics: Floats, draws: Draws) -> Interval:
    """Percentiles of the draws."""
    known = statistics[~np.isnan(statistics)]
    lo, hi = np.quantile(known, [(1 - draws.level) / 2, (1 + draws.level) / 2])
    return Interval(float(lo), float(hi))


def median_interval(values: Floats, day: Ints, draws: Draws, drawn: Floats) -> Interval | None:
    """Of a median over days; None where too few days have something to say."""
    if len(np.unique(day)) < draws.min_days:
        return None
    return interval(medians(values, day, drawn), draws)


def p_value(totals: Totals, base: Totals, draws: Draws) -> float:
    """That a mean differs from its baseline, both of the same drawn days; NaN with too few days."""
    if np.count_nonzero(totals.counts) < draws.min_days or not base.counts.any():
        return float("nan")
    drawn = weights(len(totals.counts), draws)
    return p_of(means(totals, drawn) - means(base, drawn))


def p_of(gaps: Floats) -> float:
    """Two-sided, of a difference that is told for every draw."""
    known = gaps[~np.isnan(gaps)]
    tail = min(np.count_nonzero(known <= 0), np.count_nonzero(known >= 0))
    return min(1.0, 2 * (tail + 1) / (len(known) + 1))
