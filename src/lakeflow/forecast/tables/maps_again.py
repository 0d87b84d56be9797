"""The recalibration maps fitted once more, each by its definition and no code of the maps themselves, to hold their answers against."""

from collections.abc import Callable

import numpy as np

from lakeflow.forecast.compiled import Floats

CLIP = 1e-6
STEPS, HALVINGS = 200, 40
Fit = Callable[[Floats, Floats, Floats], Floats]


def isotonic(p: Floats, y: Floats, at: Floats) -> Floats:
    """Straight lines between the non-decreasing means nearest to the outcomes."""
    knots, values = pooled(p, y)
    return np.interp(at, knots, values)


def venn_abers(p: Floats, y: Floats, at: Floats) -> Floats:
    """Each forecast with itself in the sample, once as a no and once as a yes."""
    return np.array([between(*(joined(p, y, each, label) for label in (0.0, 1.0))) for each in at])


def joined(p: Floats, y: Floats, own: float, label: float) -> float:
    knots, values = pooled(np.append(p, own), np.append(y, label))
    return float(values[np.searchsorted(knots, own)])


def between(low: float, high: float) -> float:
    return high / (1 - low + high)


def pooled(p: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The distinct forecasts in ascending order with the isotonic value of each."""
    knots, place = np.unique(p, return_inverse=True)
    blocks: list[tuple[float, float, int]] = []  # yes, rows, knots
    for yes, rows in zip(np.bincount(place, y), np.bincount(place), strict=True):
        block = (float(yes), float(rows), 1)
        while blocks and blocks[-1][0] * block[1] >= block[0] * blocks[-1][1]:
            before = blocks.pop()
            block = (before[0] + block[0], before[1] + block[1], before[2] + block[2])
        blocks.append(block)
    return knots, np.repeat([yes / rows for yes, rows, _ in blocks], [wide for _, _, wide in blocks])


def platt(p: Floats, y: Floats, at: Floats) -> Floats:
    """Platt's sigmoid of the log-odds, his targets drawn in by a row each."""
    yes, no = float(y.sum()), float((1 - y).sum())
    columns = np.stack([np.ones_like(p), odds(p)])
    found = likeliest(columns, np.where(y == 1, (yes + 1) / (yes + 2), 1 / (no + 2)))
    return sigmoid(found @ np.stack([np.ones_like(at), odds(at)]))


def beta(p: Floats, y: Floats, at: Floats) -> Floats:
    """sigmoid(c + a ln p - b ln(1 - p)): of a and b, one that would be below 0 is 0."""
    values = np.unique(p).size
    used = [0, 1, 2] if values > 2 else [2] if values == 1 else [0, 2]
    while True:
        found = likeliest(curves(p)[used], y)
        below = [each for each, value in zip(used, found, strict=True) if each < 2 and value < 0]
        if not below:
            return sigmoid(found @ curves(at)[used])
        used.remove(below[0])


def curves(p: Floats) -> Floats:
    inside = np.clip(p, CLIP, 1 - CLIP)
    return np.stack([np.log(inside), -np.log1p(-inside), np.ones_like(inside)])


def odds(p: Floats) -> Floats:
    inside = np.clip(p, CLIP, 1 - CLIP)
    return np.log(inside) - np.log1p(-inside)


def sigmoid(odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-odds))


def likeliest(columns: Floats, targets: Floats) -> Floats:
    """The coefficients of the likeliest logistic curve, by Newton's steps, each halved until it is no worse."""
    found = np.zeros(len(columns))
    for _ in range(STEPS):
        p = sigmoid(found @ columns)
        slope, bend = columns @ (targets - p), (columns * (p * (1 - p))) @ columns.T
        step = np.linalg.lstsq(bend, slope, rcond=None)[0]
        sizes = (0.5**n for n in range(HALVINGS))
        here = loss(found, columns, targets)
        size = next((each for each in sizes if loss(found + each * step, columns, targets) <= here), 0.0)
        found = found + size * step
        if np.abs(size * step).max() < 1e-12:
            break
    return found


def loss(found: Floats, columns: Floats, targets: Floats) -> float:
    told = found @ columns
    return float((np.logaddexp(0, told) - targets * told).sum())


FITS: dict[str, Fit] = {
    "RECAL_BETA": beta,
    "RECAL_ISOTONIC": isotonic,
    "RECAL_PLATT": platt,
    "RECAL_VENN_ABERS": venn_abers,
}
