"""Cox's recalibration, logit P(y) = a + b logit p: b below 1 is too extreme, above 1 too shy (the favourite-longshot bias)."""

from typing import NamedTuple

import numpy as np

from lakeflow.forecast.compiled import Floats
from lakeflow.forecast.logistic import Fit, fit, logit
from lakeflow.forecast.sample import ONE_CLASS, SEPARATION, Sample, pooled_rows, status
from lakeflow.forecast.scores import EPSILON
from lakeflow.forecast.sums import sums


class Cox(NamedTuple):
    """The line, its errors by rows and by clusters, and calibration in the large: the shift left when b is 1."""

    intercept: float
    slope: float
    se: tuple[float, float]
    cluster_se: tuple[float, float]
    citl: float
    citl_cluster_se: float


def cox(rows: Sample, epsilon: float = EPSILON) -> Cox | str:
    """The recalibration of these rows, or the status that says why there is none."""
    if (reason := status(rows)) != "OK":
        return reason
    odds = logit(rows.knots, epsilon)
    line = np.stack([np.ones_like(odds), odds])
    found = fit(line, rows.hits, rows.mass)
    shift = fit(line[:1], rows.hits, rows.mass, odds)
    if found is None or shift is None:
        return SEPARATION
    by_row, by_cluster = errors(rows, line, found)
    _, shift_by_cluster = errors(rows, line[:1], shift)
    a, b = (float(each) for each in found.coefficients)
    return Cox(
        a,
        b,
        (float(by_row[0]), float(by_row[1])),
        (float(by_cluster[0]), float(by_cluster[1])),
        float(shift.coefficients[0]),
        float(shift_by_cluster[0]),
    )


def errors(rows: Sample, columns: Floats, found: Fit) -> tuple[Floats, Floats]:
    """Standard errors by the information, and by clusters with the factor G / (G - 1); infinite for a single cluster."""
    of_row = pooled_rows(rows)
    surprise = rows.w * (rows.y - found.fitted[of_row])
    scores = np.stack([sums(rows.cluster, surprise * each[of_row], rows.clusters) for each in columns])
    meat = np.array([[(one * other).sum() for other in scores] for one in scores])
    factor = rows.clusters / (rows.clusters - 1) if rows.clusters > 1 else np.inf
    spread = np.einsum("ij,jk,kl->il", found.inverse, meat, found.inverse).diagonal() * factor
    return np.sqrt(found.inverse.diagonal()), np.sqrt(spread)


def in_the_large(rows: Sample, epsilon: float = EPSILON) -> float | None:
    """Calibration in the large alone: it is defined for forecasts all alike and for separated ones, but not of one class."""
    if not rows.p.size or status(rows) == ONE_CLASS:
        return None
    found = fit(np.ones((1, rows.knots.size)), rows.hits, rows.mass, logit(rows.knots, epsilon))
    return None if found is None else float(found.coefficients[0])
