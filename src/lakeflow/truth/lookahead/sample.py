"""What a model told of seconds and what came of them, and statistics of it that sessions are drawn again for."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from lakeflow.truth.arrays import Floats, Ints

Statistic: TypeAlias = Callable[[Floats], Floats]


class Sample(NamedTuple):
    """Only seconds whose label is known. `place` says which session each is of, from 0 to `sessions` - 1."""

    at: Ints
    told: Floats
    truth: Floats
    probabilities: Floats
    classes: Ints
    half_spread: Floats
    quantiles: Floats
    place: Ints
    sessions: int

    def sums(self, values: Floats) -> Floats:
        """By session."""
        return np.asarray(np.bincount(self.place, weights=values, minlength=self.sessions), np.float64)


class Measure(NamedTuple):
    """One number: `of` tells it for each row of how often each session is drawn. `nominal` is what it is held against."""

    metric: str
    item: str
    n: int
    of: Statistic
    nominal: float | None = None


def pooled(parts: Sequence[Sample]) -> Sample:
    """All of them, each a session of its own."""
    columns: list[Any] = [np.concatenate(column) for column in list(zip(*parts, strict=True))[:-2]]
    place = np.repeat(np.arange(len(parts)), [len(each.at) for each in parts])
    at, told, truth, chances, kinds, half, quantiles = columns
    return Sample(at, told, truth, chances, kinds, half, quantiles, place, len(parts))


def ratio(over: Floats, under: Floats) -> Statistic:
    """Of sums by session; NaN where nothing is divided by."""

    def of(drawn: Floats) -> Floats:
        below = drawn @ under
        return np.where(below > 0, drawn @ over / np.where(below > 0, below, 1), np.nan)

    return of


def mean(sample: Sample, values: Floats, rows: Floats | None = None) -> Statistic:
    """Of the values, or of those in `rows`, which are 1 or 0."""
    counted = np.ones(len(values)) if rows is None else rows
    return ratio(sample.sums(values * counted), sample.sums(counted))


def after(first: Statistic, then: Callable[[Floats], Floats]) -> Statistic:
    return lambda drawn: then(first(drawn))


def correlation(sample: Sample, x: Floats, y: Floats) -> Statistic:
    """NaN where one of both is always the same."""
    x, y = x - x.mean(), y - y.mean()
    parts = [sample.sums(each) for each in (np.ones(len(x)), x, y, x * x, y * y, x * y)]

    def of(drawn: Floats) -> Floats:
        n, sx, sy, xx, yy, xy = (drawn @ each for each in parts)
        spread = np.maximum(n * xx - sx**2, 0) * np.maximum(n * yy - sy**2, 0)
        return np.where(
            spread > 1e-9, (n * xy - sx * sy) / np.sqrt(np.where(spread > 1e-9, spread, 1)), np.nan
        )

    return of
