"""Isotonic regression: the non-decreasing curve nearest to what came of each forecast, by pooling adjacent violators."""

from typing import NamedTuple

import numpy as np

from lakeflow.forecast import pooling
from lakeflow.forecast.compiled import Floats
from lakeflow.forecast.sample import Sample


class Curve(NamedTuple):
    """The isotonic curve at each knot of a sample."""

    p: Floats
    x: Floats
    mass: Floats


def isotonic(hits: Floats, mass: Floats) -> Floats:
    """The isotonic fit of hits / mass over knots in ascending order."""
    out = np.empty(hits.size)
    pooling.fit(hits, mass, out)
    return out


def curve(rows: Sample) -> Curve:
    """The CORP reliability curve: how often forecasts of each value came true, made non-decreasing."""
    return Curve(rows.knots, isotonic(rows.hits, rows.mass), rows.mass)
