"""A sample: forecasts of yes-or-no questions with their outcomes, checked once and laid in one order for every statistic.

Rows are sorted by forecast, outcome and weight, so no statistic depends on the order in which the rows were read.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lakeflow.forecast.compiled import Floats, Ints

OK = "OK"
EMPTY = "EMPTY"
ONE_CLASS = "ONE_CLASS"
SEPARATION = "SEPARATION"
CONSTANT = "CONSTANT"  # every forecast is the same, so a slope over forecasts is not to be had


class Sample(NamedTuple):
    """Rows, and the same rows pooled by equal forecast: a knot is one distinct forecast."""

    p: Floats  # the forecast, in [0, 1]
    y: Floats  # the outcome, 0 or 1
    w: Floats  # the weight, above 0
    cluster: Ints  # 0 .. clusters - 1; rows of one cluster are not independent
    clusters: int
    first: Ints  # the row where each knot begins, and one more: the number of rows
    knots: Floats  # the distinct forecasts, ascending
    mass: Floats  # the weight of each knot
    hits: Floats  # the weight of its rows that came true

    @property
    def total(self) -> float:
        """The weight of all rows."""
        return float(self.mass.sum())

    @property
    def base_rate(self) -> float:
        """The weighted share of rows that came true; 0 / 0 is not asked: the sample has rows."""
        return float(self.hits.sum()) / self.total


def sample(
    p: ArrayLike, y: ArrayLike, weight: ArrayLike | None = None, cluster: ArrayLike | None = None
) -> Sample:
    """The sample of these rows; without clusters every row is one of its own, without weights every row weighs 1."""
    forecast, outcome = np.asarray(p, np.float64) + 0.0, np.asarray(y, np.float64)  # + 0.0 makes -0.0 a 0.0
    weights = np.ones(forecast.size) if weight is None else np.asarray(weight, np.float64)
    groups = np.arange(forecast.size) if cluster is None else np.asarray(cluster)
    _refuse_bad(forecast, outcome, weights, groups)
    key = forecast.view(np.int64) * 2 + outcome.astype(np.int64)  # bits of floats above 0 are in their order
    if weight is None and cluster is None:
        return _lay(np.sort(key), weights, np.arange(key.size), key.size)
    # Rows alike in all but cluster may stand in any order: what is summed by cluster meets them one at a time.
    order = np.argsort(key, kind="stable") if weight is None else np.lexsort((weights, key))
    names, dense = np.unique(groups, return_inverse=True)
    return _lay(key[order], weights[order], dense.astype(np.int64)[order], names.size)


def _refuse_bad(p: Floats, y: Floats, w: Floats, cluster: np.ndarray) -> None:
    if not p.shape == y.shape == w.shape == cluster.shape == (p.size,):
        shapes = f"{p.shape}, {y.shape}, {w.shape}, {cluster.shape}"
        raise ValueError(
            f"forecasts, outcomes, weights and clusters are rows of the same number, these are {shapes}"
        )
    for name, values, good in (
        ("a forecast is between 0 and 1", p, (p >= 0) & (p <= 1)),
        ("an outcome is 0 or 1", y, (y == 0) | (y == 1)),
        ("a weight is finite and above 0", w, (w > 0) & (w < np.inf)),
    ):
        if not good.all():
            row = int(np.argmin(good))
            raise ValueError(
                f"row {row}: {name}, not {values[row]}; leave such rows out ({(~good).sum()} in all)"
            )


def _lay(key: Ints, w: Floats, cluster: Ints, clusters: int) -> Sample:
    y = (key & 1).astype(np.float64)
    bits = key >> 1
    starts = np.flatnonzero(np.diff(bits, prepend=-1))
    p = bits.view(np.float64)
    if not key.size:
        none = np.zeros(0)
        return Sample(none, none, none, cluster, 0, np.zeros(1, np.int64), none, none, none)
    mass, hits = np.add.reduceat(w, starts), np.add.reduceat(w * y, starts)
    return Sample(p, y, w, cluster, clusters, np.append(starts, key.size), p[starts], mass, hits)


def status(rows: Sample) -> str:
    """Why a figure of these rows may be missing: EMPTY, ONE_CLASS, SEPARATION, CONSTANT, or OK when none is."""
    if not rows.p.size:
        return EMPTY
    if rows.y.min() == rows.y.max():
        return ONE_CLASS
    if rows.knots.size == 1:
        return CONSTANT
    yes, no = rows.p[rows.y == 1], rows.p[rows.y == 0]
    # One shared forecast at the border is not enough to hold a slope: the likelihood still rises without end.
    apart = no.max() <= yes.min() or yes.max() <= no.min()
    return SEPARATION if apart else OK


def pooled_rows(rows: Sample) -> Ints:
    """The knot of each row."""
    return np.repeat(np.arange(rows.knots.size), np.diff(rows.first))
