"""Squared calibration error by bins, with the noise between clusters taken out, and an interval that covers 0 if calibrated.

The debiased error of `ece` takes rows for independent; twenty prices of one market are not.
"""

from typing import NamedTuple

import numpy as np

from lakeflow.forecast.bins import equal_mass
from lakeflow.forecast.bootstrap import Statistic
from lakeflow.forecast.compiled import Floats
from lakeflow.forecast.sample import Sample, pooled_rows
from lakeflow.forecast.sums import sums


class Gaps(NamedTuple):
    """Of each cluster (a row) in each bin (a column): its mass, and the weighted sum of forecast less outcome."""

    mass: Floats
    gap: Floats


def gaps(rows: Sample, count: int = 15) -> Gaps:
    """The sums over bins of equal mass."""
    place = rows.cluster * count + equal_mass(rows, count)[pooled_rows(rows)]
    size, shape = rows.clusters * count, (rows.clusters, count)
    mass, gap = (sums(place, each, size) for each in (rows.w, rows.w * (rows.p - rows.y)))
    return Gaps(mass.reshape(shape), gap.reshape(shape))


def noise(found: Gaps) -> Floats:
    """The variance of each bin's mean gap, by how its clusters differ; of one cluster, the gap itself, so that it adds nothing."""
    mass = found.mass.sum(axis=0)
    held = np.where(mass > 0, mass, 1.0)  # a bin that ties left empty adds nothing
    mean = found.gap.sum(axis=0) / held
    clusters = (found.mass > 0).sum(axis=0)
    spread = np.square(found.gap - found.mass * mean).sum(axis=0) / np.square(held)
    many: Floats = np.where(clusters > 1, spread * clusters / np.maximum(clusters - 1, 1), np.square(mean))
    return many


def ece_squared_clustered(rows: Sample, count: int = 15) -> float | None:
    """The mean squared gap less its noise: near 0, of either sign, if calibrated; None of no rows."""
    if not rows.p.size:
        return None
    found = gaps(rows, count)
    return float(_squared(found.mass.sum(axis=0), found.gap.sum(axis=0), noise(found)))


def ece_squared(rows: Sample, count: int = 15) -> Statistic:
    """The same figure to be redrawn; the noise is taken out twice, since a draw has its own besides the sample's."""
    found = gaps(rows, count)
    twice = 2 * noise(found)
    return Statistic(
        np.hstack(found), lambda redrawn: _squared(redrawn[:, :count], redrawn[:, count:], twice)
    )


def _squared(mass: Floats, gap: Floats, noises: Floats) -> Floats:
    mean = gap / np.where(mass > 0, mass, 1.0)
    squared: Floats = (mass * (np.square(mean) - noises)).sum(axis=-1) / mass.sum(axis=-1)
    return squared
