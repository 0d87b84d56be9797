"""Bands around a reliability curve: where it would lie if forecasts were calibrated, and where another sample would put it.

Also how large MCB is by chance alone, which is never nothing.
"""

from typing import NamedTuple

import numpy as np

from lakeflow.forecast.compiled import Floats, Ints
from lakeflow.forecast.draws import order_statistics
from lakeflow.forecast.isotonic import isotonic
from lakeflow.forecast.resample import Resampled, Wanted, by_chance
from lakeflow.forecast.sample import Sample

POINTS = 200  # of a band; a curve of more knots is cut at quantiles of its rows


class Band(NamedTuple):
    """The bounds at some of the knots."""

    p: Floats
    low: Floats
    high: Floats


class Null(NamedTuple):
    """MCB of samples whose forecasts are calibrated: its mean, and the share of draws at least as large as the one seen."""

    mean: float
    p_value: float


def consistency_band(rows: Sample, calibrated: Resampled) -> Band:
    """Around the diagonal: the curves of outcomes that come true by the forecasts."""
    return band(rows, calibrated.curves)


def confidence_band(rows: Sample, again: Resampled, draws: int, seed: int) -> Band:
    """Around the curve: of whole clusters drawn again, or of outcomes that come true by the curve when every row is a cluster."""
    if rows.clusters < rows.p.size:
        return band(rows, again.curves)
    chance = isotonic(rows.hits, rows.mass)
    return band(rows, by_chance(rows, chance, draws, seed, Wanted(at=places(rows))).curves)


def null(seen: float, drawn: Floats) -> Null:
    """The mean of the drawn, and the p-value of the seen, which counts as one of the draws."""
    # Sums of the same numbers in another order must still count as equal.
    rarer = int((drawn >= seen - 1e-12).sum())
    return Null(float(drawn.mean()), (1 + rarer) / (1 + drawn.size))


def places(rows: Sample, points: int = POINTS) -> Ints:
    """Which knots a band is drawn at: all of them, or those at quantiles of the rows and the two ends."""
    if rows.knots.size <= points:
        return np.arange(rows.knots.size)
    rank = np.arange(points) * (rows.p.size - 1) // (points - 1)
    return np.unique(np.searchsorted(rows.first, rank, side="right") - 1)


def band(rows: Sample, curves: Floats) -> Band:
    """What holds 19 of 20 curves at the knots that bands are drawn at; a row a draw."""
    low, high = order_statistics(curves)
    return Band(rows.knots[places(rows)], low, high)
