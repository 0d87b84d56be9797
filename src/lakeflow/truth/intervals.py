"""Intervals of counts and shares, and q-values of many tests at once."""

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy import stats

from lakeflow.truth.arrays import Floats


class Interval(NamedTuple):
    lo: float
    hi: float


def garwood(count: int, level: float = 0.95) -> Interval:
    """Of the mean of a Poisson count, exact."""
    tail = (1 - level) / 2
    lo = float(stats.chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    return Interval(lo, float(stats.chi2.ppf(1 - tail, 2 * count + 2)) / 2)


def wilson(hits: int, n: int, level: float = 0.95) -> Interval:
    """Of a share; `n` is not 0."""
    z = deviations(level)
    share, square = hits / n, z * z / n
    middle = (share + square / 2) / (1 + square)
    half = z * float(np.sqrt(share * (1 - share) / n + square / (4 * n))) / (1 + square)
    return Interval(0.0 if hits == 0 else middle - half, 1.0 if hits == n else middle + half)


@cache
def deviations(level: float) -> float:
    """Within so many of the middle lies that share of a normal distribution."""
    return float(stats.norm.ppf((1 + level) / 2))


def benjamini_hochberg(p: Floats) -> Floats:
    """The smallest false discovery rate at which each test would be kept; NaN stays NaN and counts for nothing."""
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    raw = p[order] * len(order) / np.arange(1, len(order) + 1)
    out = np.full(len(p), np.nan)
    out[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return out
