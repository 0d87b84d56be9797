"""How well forecasts tell yes from no, whatever their level (AUC), and Spiegelhalter's test of that level."""

import math

import numpy as np

from lakeflow.forecast.sample import Sample


def auc(rows: Sample) -> float | None:
    """The chance that a row that came true was forecast above one that did not, ties half; None of one class."""
    misses = rows.mass - rows.hits
    yes, no = float(rows.hits.sum()), float(misses.sum())
    if yes <= 0 or no <= 0:
        return None
    below = np.cumsum(misses) - misses
    return float((rows.hits * (below + misses / 2)).sum() / (yes * no))


def spiegelhalter_z(rows: Sample) -> float | None:
    """How far the Brier score is from what calibrated forecasts expect, in its deviations, by rows as if independent.

    None where calibrated forecasts leave nothing to chance: each is 0, a half or 1.
    """
    slope = 1 - 2 * rows.p
    surprise = float((rows.w * (rows.y - rows.p) * slope).sum())
    variance = float((np.square(rows.w * slope) * rows.p * (1 - rows.p)).sum())
    return surprise / math.sqrt(variance) if variance > 0 else None
