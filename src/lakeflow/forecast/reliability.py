"""The classic splits of a Brier score: Murphy's by bins, with what happens inside them, and Yates's by covariance."""

from typing import NamedTuple

import numpy as np

from lakeflow.forecast.bins import Bins
from lakeflow.forecast.sample import Sample


class Murphy(NamedTuple):
    """brier = rel - res + unc + wbv - wbc (Stephenson, Coelho and Jolliffe 2008)."""

    rel: float
    res: float
    unc: float
    wbv: float  # the variance of forecasts within bins
    wbc: float  # twice their covariance with outcomes within bins


class Yates(NamedTuple):
    """brier = var_y + bias2 + var_f_min + scatter - 2 cov."""

    var_y: float
    bias2: float
    var_f: float
    var_f_min: float  # the variance that forecasts of this slope cannot do without
    scatter: float  # and the rest of it
    cov: float
    slope: float | None  # mean forecast where it came true less where not; None of one class


def murphy(rows: Sample, bins: Bins) -> Murphy | None:
    """The parts of the Brier score by these bins of the rows; None of no rows."""
    if not rows.p.size:
        return None
    rate, share = rows.base_rate, bins.mass / rows.total
    within_variance = bins.p2 - bins.mean_p**2
    within_covariance = bins.py - bins.mean_p * bins.rate
    return Murphy(
        rel=float((share * bins.gap**2).sum()),
        res=float((share * (bins.rate - rate) ** 2).sum()),
        unc=rate * (1 - rate),
        wbv=float((share * within_variance).sum()),
        wbc=2 * float((share * within_covariance).sum()),
    )


def yates(rows: Sample) -> Yates | None:
    """The parts of the Brier score by moments; None of no rows."""
    if not rows.p.size:
        return None
    rate, share = rows.base_rate, rows.mass / rows.total
    mean = float((share * rows.knots).sum())
    away = rows.knots - mean
    var_f = float((share * np.square(away)).sum())
    cov = float((rows.hits / rows.total * away).sum())
    var_y = rate * (1 - rate)
    slope = cov / var_y if var_y > 0 else None
    least = slope**2 * var_y if slope is not None else 0.0
    return Yates(var_y, (mean - rate) ** 2, var_f, least, var_f - least, cov, slope)
