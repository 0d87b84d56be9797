"""Bands around a reliability curve: where it would lie if forecasts were calibrated, and where another sample would put it.

Also how large MCB is by chance alone, which is never nothing.
"""

from typing import NamedTuple

import numpy as np

from lakeflow.forecast.compiled import Floats, Ints
from lakeflow.forecast.corp import decompose
from lakeflow.forecast.draws import order_statistics
from lakeflow.forecast.isotonic import isotonic
from lakeflow.forecast.resample import Wanted, by_chance, redrawn
from lakeflow.forecast.sample import Sample
from lakeflow.forecast.scores import Score, quadratic

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


def consistency_band(rows: Sample, draws: int, seed: int, level: float = 0.95) -> Band:
    """Around the diagonal: the curves of outcomes that come true by the forecasts."""
    at = places(rows)
    return band(rows, at, by_chance(rows, rows.knots, draws, seed, Wanted(at=at)).curves, level)


def confidence_band(rows: Sample, draws: int, seed: int, level: float = 0.95) -> Band:
    """Around the curve: outcomes come true by the curve when every row is a cluster, else whole clusters are drawn again."""
    at = places(rows)
    if rows.clusters < rows.p.size:
        return band(rows, at, redrawn(rows, draws, seed, Wanted(at=at)).curves, level)
    chance = isotonic(rows.hits, rows.mass)
    return band(rows, at, by_chance(rows, chance, draws, seed, Wanted(at=at)).curves, level)


def mcb_null(rows: Sample, draws: int, seed: int, score: Score = quadratic) -> Null | None:
    """What MCB is by chance, and how rarely it is so large as in these rows; None of no rows."""
    seen = decompose(rows, score)
    if seen is None:
        return None
    return null(seen.mcb, by_chance(rows, rows.knots, draws, seed, Wanted(scores=[score])).parts[0].mcb)


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


def band(rows: Sample, at: Ints, curves: Floats, level: float = 0.95) -> Band:
    """The band of curves drawn at these knots, a row a draw."""
    if not at.size:
        return Band(rows.knots, rows.knots, rows.knots)
    low, high = order_statistics(curves, level)
    return Band(rows.knots[at], low, high)
