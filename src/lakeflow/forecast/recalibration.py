"""Maps from forecasts to better ones, fitted on a sample of the past: isotonic, Platt's sigmoid and the beta family.

A map is a few numbers, kept as data; `apply` takes forecasts that it never saw.
"""

from typing import NamedTuple

import numpy as np

from lakeflow.forecast.compiled import Floats
from lakeflow.forecast.isotonic import isotonic
from lakeflow.forecast.logistic import fit, logit, sigmoid
from lakeflow.forecast.sample import ONE_CLASS, Sample, status
from lakeflow.forecast.scores import EPSILON

HALVINGS = 60


class IsotonicMap(NamedTuple):
    """Straight lines between the isotonic values of the knots, level beyond them."""

    knots: Floats
    values: Floats

    def apply(self, p: Floats) -> Floats:
        """The recalibrated forecasts."""
        return np.interp(p, self.knots, self.values)


class PlattMap(NamedTuple):
    """sigmoid(intercept + slope logit p)."""

    intercept: float
    slope: float

    def apply(self, p: Floats) -> Floats:
        """The recalibrated forecasts."""
        return sigmoid(self.intercept + self.slope * logit(p, EPSILON))


class BetaMap(NamedTuple):
    """sigmoid(c + a ln p - b ln(1 - p)) with a and b not below 0 (Kull, Silva Filho and Flach 2017)."""

    a: float
    b: float
    c: float

    @property
    def m(self) -> float:
        """The forecast that becomes one half, as the family's third parameter; at an end of [0, 1] when there is none."""
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            below = self.c + self.a * np.log(middle) - self.b * np.log1p(-middle) < 0
            low, high = (middle, high) if below else (low, middle)
        return (low + high) / 2

    def apply(self, p: Floats) -> Floats:
        """The recalibrated forecasts."""
        inside = np.clip(p, EPSILON, 1 - EPSILON)
        return sigmoid(self.c + self.a * np.log(inside) - self.b * np.log1p(-inside))


def isotonic_map(rows: Sample) -> IsotonicMap | None:
    """The isotonic map; None of no rows."""
    return IsotonicMap(rows.knots, isotonic(rows.hits, rows.mass)) if rows.p.size else None


def platt_map(rows: Sample) -> PlattMap | None:
    """Platt's map with his targets, drawn in from 0 and 1 by one row each; None of no rows or of a single forecast."""
    if rows.knots.size < 2:
        return None
    misses = rows.mass - rows.hits
    yes, no = float(rows.hits.sum()), float(misses.sum())
    targets = rows.hits * (yes + 1) / (yes + 2) + misses / (no + 2)
    odds = logit(rows.knots, EPSILON)
    found = fit(np.stack([np.ones_like(odds), odds]), targets, rows.mass)
    return None if found is None else PlattMap(*(float(each) for each in found.coefficients))


def beta_map(rows: Sample) -> BetaMap | None:
    """The likeliest beta map; None of no rows, of one class or of forecasts that tell the classes apart without a fault."""
    if not rows.p.size or status(rows) == ONE_CLASS:
        return None
    inside = np.clip(rows.knots, EPSILON, 1 - EPSILON)
    columns = np.stack([np.log(inside), -np.log1p(-inside), np.ones_like(inside)])
    used = [0, 1, 2] if rows.knots.size > 2 else [2] if rows.knots.size == 1 else [0, 2]
    while (found := fit(columns[used], rows.hits, rows.mass)) is not None:
        values = dict(zip(used, (float(each) for each in found.coefficients), strict=True))
        below = [each for each in used if each < 2 and values[each] < 0]
        if not below:
            return BetaMap(values.get(0, 0.0), values.get(1, 0.0), values[2])
        used.remove(below[0])
    return None
