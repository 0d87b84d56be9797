"""Calibration error by bins: the ECE and its variants. Never rank segments by the plain one: it grows as rows get fewer."""

import numpy as np

from lakeflow.forecast.bins import Bins
from lakeflow.forecast.compiled import Floats, Ints, kernel
from lakeflow.forecast.sample import Sample

MOST_BINS = 1_000  # where the sweep stops when forecasts order the outcomes without a fault
FEWEST_ROWS = 30  # a bin of fewer rows has no say in the largest error


def ece(bins: Bins) -> float | None:
    """The mean distance of forecast and rate, each bin by its mass; None of no rows."""
    return _mean(bins, np.abs(bins.gap))


def ece_squared(bins: Bins) -> float | None:
    """The mean squared distance, biased up as `ece` is."""
    return _mean(bins, np.square(bins.gap))


def ece_squared_debiased(bins: Bins) -> float | None:
    """The mean squared distance less the noise of each rate (Kumar, Liang and Ma 2019): near 0, of either sign, if calibrated.

    Rows of unequal weight are as many as would tell as much. A bin of one row cannot tell error from noise and adds nothing.
    """
    beyond_one = np.square(bins.mass) / bins.squares - 1
    told = (bins.rows > 1) & (beyond_one > 0)
    noise = bins.rate * (1 - bins.rate) / np.where(told, beyond_one, 1.0)
    return _mean(bins, np.where(told, np.square(bins.gap) - noise, 0.0))


def mce(bins: Bins, fewest_rows: int = FEWEST_ROWS) -> float | None:
    """The largest distance of forecast and rate among bins of enough rows; None when there is none."""
    enough = np.abs(bins.gap)[bins.rows >= fewest_rows]
    return float(enough.max()) if enough.size else None


def _mean(bins: Bins, each: Floats) -> float | None:
    return float((bins.mass * each).sum() / bins.mass.sum()) if bins.mass.size else None


def ece_sweep(rows: Sample, most_bins: int = MOST_BINS) -> float | None:
    """The ECE of as many bins of equal mass as keep the rates in order (Roelofs et al. 2022), over knots that stay whole."""
    if not rows.p.size:
        return None
    mass, hits, forecast = (
        np.concatenate([[0.0], np.cumsum(each)]) for each in (rows.mass, rows.hits, rows.mass * rows.knots)
    )
    return float(_sweep(mass, hits, forecast, np.zeros(most_bins + 1, np.int64)))


@kernel
def _sweep(mass: Floats, hits: Floats, forecast: Floats, border: Ints) -> float:
    """Sums up to each knot come in; bin k of b ends at the first knot by which k / b of all mass has come."""
    best = 0.0
    for count in range(1, border.size):
        used = 0  # bins so far, the empty ones left out · border[u]: the knots before the end of bin u
        before = -1.0  # the rate of the bin before
        error = 0.0
        for k in range(1, count + 1):
            end = np.searchsorted(mass, mass[-1] * (k / count))
            if k == count:
                end = mass.size - 1
            begin = border[used]
            if end <= begin:
                continue
            held = mass[end] - mass[begin]
            rate = (hits[end] - hits[begin]) / held
            if rate < before:
                return float(best)
            before = rate
            error += abs(forecast[end] - forecast[begin] - (hits[end] - hits[begin]))
            used += 1
            border[used] = end
        best = error / mass[-1]
        if used == mass.size - 1:
            return float(best)  # every knot is a bin of its own: there are no finer bins
    return float(best)
