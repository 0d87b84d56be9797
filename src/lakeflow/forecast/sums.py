"""Weighted sums by place: what a bin, a cluster or a draw holds."""

import numpy as np

from lakeflow.forecast.compiled import Floats, Ints


def sums(place: Ints, weight: Floats, places: int) -> Floats:
    """The sum of the weights at each of 0 .. places - 1, added in the order of the rows."""
    return np.asarray(np.bincount(place, weight, places), np.float64)
