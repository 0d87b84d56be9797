"""Ridge in closed form: what the features say of each other is added up once, session by session, for all horizons."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats
from lakeflow.truth.lookahead.days import Day

PENALTY = 1e-3  # for each row, so that it does not depend on how many there are


class Sums(NamedTuple):
    """Of rows: how many, the features, and their products."""

    n: float
    features: Floats
    products: Floats


class Line(NamedTuple):
    constant: float
    weights: Floats


def ridge(days: Sequence[Day], penalty: float = PENALTY) -> Callable[[Sequence[Floats]], Line]:
    """The line to whatever is told of each day's seconds, by those in which it is known."""
    every = [_sums(day, np.ones(len(day.labels), np.bool_)) for day in days]

    def fit(labels: Sequence[Floats]) -> Line:
        unknown = [_sums(day, np.isnan(label)) for day, label in zip(days, labels, strict=True)]
        rows = _less(every, unknown)
        told = [_told(day, label) for day, label in zip(days, labels, strict=True)]
        y, xy = float(sum(each[0] for each in told)), np.sum([each[1] for each in told], axis=0)
        middle, mean = rows.features / rows.n, y / rows.n
        square = rows.products - rows.n * np.outer(middle, middle) + penalty * rows.n * np.eye(len(middle))
        weights = np.linalg.solve(square, xy - y * middle)
        return Line(mean - float(middle @ weights), np.asarray(weights))

    return fit


def _sums(day: Day, rows: Bools) -> Sums:
    x = day.features[rows].astype(np.float64)
    return Sums(float(len(x)), x.sum(axis=0), x.T @ x)


def _less(every: Sequence[Sums], unknown: Sequence[Sums]) -> Sums:
    return Sums(
        sum(a.n for a in every) - sum(b.n for b in unknown),
        np.sum([a.features for a in every], axis=0) - np.sum([b.features for b in unknown], axis=0),
        np.sum([a.products for a in every], axis=0) - np.sum([b.products for b in unknown], axis=0),
    )


def _told(day: Day, label: Floats) -> tuple[float, Floats]:
    y = np.nan_to_num(label)
    return float(y.sum()), np.asarray(day.features.T.astype(np.float64) @ y)
