"""Bins of forecasts: of equal width by whole ticks, or of equal mass without splitting ties; and what each bin holds.

A bin of equal width is [lo, hi), the last one [lo, 1]; a row tied with others is in the bin of their first.
"""

from typing import NamedTuple

import numpy as np

from lakeflow.forecast.compiled import Floats, Ints
from lakeflow.forecast.sample import Sample, pooled_rows
from lakeflow.forecast.sums import sums

MILLION = 1_000_000


class Bins(NamedTuple):
    """The bins that hold a row, in ascending order."""

    which: Ints  # of the bins that were asked for
    rows: Ints
    mass: Floats
    squares: (
        Floats  # the sum of squared weights: mass^2 of rows that all weigh the same is rows times as much
    )
    mean_p: Floats
    rate: Floats  # the weighted share that came true
    p2: Floats  # the mean of squared forecasts within the bin
    py: Floats  # the mean of forecast x outcome within the bin

    @property
    def gap(self) -> Floats:
        """Forecast less what came: above 0 where forecasts are too high."""
        return self.mean_p - self.rate


def equal_width(p: Floats, count: int = 10) -> Ints:
    """The bin of each forecast; floats would put 0.29 of a hundred bins into bin 28."""
    ticks: Ints = np.rint(p * MILLION).astype(np.int64)
    return np.minimum(ticks * count // MILLION, count - 1)


def equal_mass(rows: Sample, count: int = 15) -> Ints:
    """The bin of each knot, by how many rows come before its first: rows are counted, not weighed."""
    return rows.first[:-1] * count // max(rows.p.size, 1)


def fill(rows: Sample, bin_of_knot: Ints) -> Bins:
    """What each bin holds, by the bin of each knot."""
    which, place = np.unique(bin_of_knot, return_inverse=True)
    mass, hits, p1, p2, py = (
        sums(place, each, which.size)
        for each in (
            rows.mass,
            rows.hits,
            rows.mass * rows.knots,
            rows.mass * rows.knots * rows.knots,
            rows.hits * rows.knots,
        )
    )
    counts = sums(place, np.diff(rows.first) * 1.0, which.size).astype(np.int64)
    squares = sums(place[pooled_rows(rows)], np.square(rows.w), which.size)
    return Bins(which, counts, mass, squares, p1 / mass, hits / mass, p2 / mass, py / mass)


def by_width(rows: Sample, count: int = 10) -> Bins:
    """Bins of equal width."""
    return fill(rows, equal_width(rows.knots, count))


def by_mass(rows: Sample, count: int = 15) -> Bins:
    """Bins of equal mass."""
    return fill(rows, equal_mass(rows, count))
