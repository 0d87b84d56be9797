"""Ridge in closed form: what the features say of each other is added up once, session by session, for all horizons."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Floats, Singles
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


def ridge(days: Sequence[Day], penalty: float = PENALTY) -> Callable[[int], Line]:
    """The line to each column of the labels, by those seconds in which it is known."""
    every = _added([_sums(day.features) for day in days])
    labels = [np.nan_to_num(day.labels) for day in days]
    told = np.sum([label.sum(axis=0) for label in labels], axis=0)
    together = np.sum([_with(day.features, label) for day, label in zip(days, labels, strict=True)], axis=0)

    def fit(column: int) -> Line:
        unknown = _added([_sums(day.features[np.isnan(day.labels[:, column])]) for day in days])
        n, features = every.n - unknown.n, every.features - unknown.features
        products = every.products - unknown.products
        middle, mean = features / n, float(told[column] / n)
        square = products - n * np.outer(middle, middle) + penalty * n * np.eye(len(middle))
        weights = np.linalg.solve(square, together[:, column] - told[column] * middle)
        return Line(mean - float(middle @ weights), np.asarray(weights))

    return fit


def _sums(features: Singles) -> Sums:
    x = features.astype(np.float64)
    return Sums(float(len(x)), x.sum(axis=0), x.T @ x)


def _with(features: Singles, labels: Floats) -> Floats:
    return np.asarray(features.T.astype(np.float64) @ labels)


def _added(parts: Sequence[Sums]) -> Sums:
    return Sums(*(np.sum(column, axis=0) for column in zip(*parts, strict=True)))
