"""Scores of a forecast by its outcome: what each row costs, and the mean over a sample."""

from collections.abc import Callable

import numpy as np

from lakeflow.forecast.compiled import Floats
from lakeflow.forecast.sample import Sample

Score = Callable[[Floats, float], Floats]  # what forecasts cost when the outcome is 1, or 0; lower is better
EPSILON = 1e-6  # a tick of a price: log loss takes no forecast for more certain than this
CERTAIN = 0.05  # a forecast this near to 0 or 1 counts as extreme


def quadratic(p: Floats, outcome: float) -> Floats:
    """The Brier score of each forecast."""
    return np.square(p - outcome)


def logarithmic(p: Floats, outcome: float) -> Floats:
    """The log score of each forecast in nats, clipped at EPSILON."""
    return unclipped_logarithmic(np.clip(p, EPSILON, 1 - EPSILON), outcome)


def unclipped_logarithmic(p: Floats, outcome: float) -> Floats:
    """The log score as it is: a certain forecast costs 0 or infinity."""
    with np.errstate(divide="ignore"):
        return -np.log(p) if outcome else -np.log1p(-p)


def spherical(p: Floats, outcome: float) -> Floats:
    """One less the spherical score of each forecast."""
    return 1 - (p if outcome else 1 - p) / np.hypot(p, 1 - p)


def unclipped(score: Score) -> Score:
    """The score for curves and base rates, which may be as certain as the outcomes that made them."""
    return unclipped_logarithmic if score is logarithmic else score


def mean_score(rows: Sample, score: Score) -> float | None:
    """The weighted mean score; None of no rows."""
    if not rows.p.size:
        return None
    return float(costs(rows.hits, rows.mass, rows.knots, score).sum()) / rows.total


def costs(hits: Floats, mass: Floats, forecast: Floats, score: Score) -> Floats:
    """What each mass with its hits costs when forecast so; an outcome that never came costs nothing."""
    misses = mass - hits
    with np.errstate(invalid="ignore"):
        if_true = np.where(hits > 0, hits * score(forecast, 1.0), 0.0)
        if_false = np.where(misses > 0, misses * score(forecast, 0.0), 0.0)
    return if_true + if_false


def brier(rows: Sample) -> float | None:
    """The mean squared distance of forecast and outcome."""
    return mean_score(rows, quadratic)


def log_loss(rows: Sample) -> float | None:
    """The mean log score in nats, clipped at EPSILON."""
    return mean_score(rows, logarithmic)


def certain_wrong(rows: Sample) -> int:
    """How many rows were forecast at exactly 0 or 1 and came out the other way."""
    return int((np.abs(rows.p - rows.y) == 1).sum())


def skill(score: float, reference: float) -> float | None:
    """The share of the reference's score that the forecast saves; None against a reference that never errs."""
    return 1 - score / reference if reference > 0 else None


def sharpness(rows: Sample) -> float | None:
    """The weighted variance of the forecasts."""
    if not rows.p.size:
        return None
    mean = float((rows.mass * rows.knots).sum()) / rows.total
    return float((rows.mass * np.square(rows.knots - mean)).sum()) / rows.total


def extreme_share(rows: Sample) -> float | None:
    """The weighted share of forecasts in [0, .05] or [.95, 1], by whole ticks."""
    if not rows.p.size:
        return None
    ticks = np.rint(rows.knots * 1_000_000)
    edge = CERTAIN * 1_000_000
    return float(rows.mass[(ticks <= edge) | (ticks >= 1_000_000 - edge)].sum()) / rows.total


def effective_rows(rows: Sample) -> float:
    """How many rows of equal weight would tell as much: (sum w)^2 / sum w^2."""
    return float(np.square(rows.w.sum()) / np.square(rows.w).sum()) if rows.p.size else 0.0
