"""Sums and medians over the seconds up to each second, none of them looking ahead."""

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Bools, Floats, Ints

USUAL_S = 600


def total(values: Ints | Bools, window: int) -> Ints:
    """The sum over the last `window` seconds, fewer at the start of the session; exact."""
    sums = np.cumsum(values, dtype=np.int64)
    out = sums.copy()
    out[window:] -= sums[:-window]
    return out


def path(values: Floats, window: int) -> Floats:
    """How far the value went in all over the last `window` steps, up and down; NaN before there are as many."""
    steps = np.concatenate([[0.0], np.cumsum(np.nan_to_num(np.abs(np.diff(values))))])
    out = np.full(len(values), np.nan)
    out[window:] = steps[window:] - steps[:-window]
    return out


def lagged(values: Floats, lag: int) -> Floats:
    out = np.full(len(values), np.nan)
    out[lag:] = values[: len(values) - lag]
    return out


def median(values: Floats, window: int = USUAL_S) -> Floats:
    """The median of the window that ends with each second, of at least half a window of known values; NaN before."""
    known = pl.Series(values).fill_nan(None)
    medians = known.rolling_median(window, min_samples=max(window // 2, 1))
    return medians.fill_null(np.nan).to_numpy()
