"""Smooth calibration error (Blasiok and Nakkiran 2023): residuals smoothed as far as the error they then show.

A reflected Gaussian on [0, 1] is heat between walls: in cosines, term k fades by exp(-(pi k sigma)^2 / 2).
"""

import numpy as np

from lakeflow.forecast.compiled import Floats
from lakeflow.forecast.sample import Sample
from lakeflow.forecast.sums import sums

CELLS = 4_096  # cells of the mesh; halving them moves the golden value by less than 1e-5
HALVINGS = 40  # of the interval that holds sigma


def smooth_ece(rows: Sample, cells: int = CELLS) -> float | None:
    """The sigma that equals the mean absolute residual smoothed by it; None of no rows."""
    if not rows.p.size:
        return None
    waves = _waves(_on_mesh(rows, cells))
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if smoothed_error(waves, middle) > middle:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def smoothed_error(waves: Floats, sigma: float) -> float:
    """The integral over [0, 1] of the absolute residual smoothed by sigma."""
    fading = np.exp(-0.5 * np.square(np.pi * sigma * np.arange(waves.size)))
    residual: Floats = np.fft.irfft(waves * fading)
    cells = waves.size - 1
    ends = (abs(residual[0]) + abs(residual[cells])) / 2
    return float(np.abs(residual[1:cells]).sum() + ends)


def _on_mesh(rows: Sample, cells: int) -> Floats:
    """The residual of each knot as shares at the two nearest points of the mesh."""
    residual = (rows.hits - rows.mass * rows.knots) / rows.total
    place = rows.knots * cells
    left = np.minimum(place.astype(np.int64), cells - 1)
    beyond = place - left
    shares = sums(left, residual * (1 - beyond), cells + 1)
    return shares + sums(left + 1, residual * beyond, cells + 1)


def _waves(mesh: Floats) -> Floats:
    """The cosine terms of the mesh: it and its mirror image are one period, so what a wall reflects is counted."""
    cells = mesh.size - 1
    period = np.concatenate([mesh, mesh[cells - 1 : 0 : -1]])
    period[[0, cells]] *= 2  # a point on a wall is its own image, and both lie inside
    return np.real(np.fft.rfft(period))
