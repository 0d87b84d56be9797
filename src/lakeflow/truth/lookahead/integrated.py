"""The imbalance of ten levels as one number: weights of a fold's training days, kept with it."""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Floats, Singles
from lakeflow.truth.lookahead.features import SPANS_S
from lakeflow.truth.pressure import LEVELS, first_component

OFI = [f"ofi_{level}" for level in range(1, LEVELS + 1)]
NAMES = [f"ofi_int_{span}s" for span in SPANS_S]


def scaled() -> list[pl.Expr]:
    """Each level over the mean size of one, summed over each span: the columns of a span after those of the one before."""
    size = mean_size()
    return [
        (pl.col(name) / size).fill_nan(0).fill_null(0).rolling_sum(span).alias(f"{name}_{span}s_scaled")
        for span in SPANS_S
        for name in OFI
    ]


def mean_size() -> pl.Expr:
    """What `ofi_int` was divided by; where the levels cancel out it does not say, and the depth at the end does."""
    total = pl.sum_horizontal(OFI)
    told = total / (LEVELS * pl.col("ofi_int"))
    rests = (pl.col("depth_b_10") + pl.col("depth_a_10")).cast(pl.Float64) / (2 * LEVELS)
    size = pl.when((total != 0) & (pl.col("ofi_int") != 0)).then(told).otherwise(rests)
    return pl.when(size > 0).then(size)


def inputs() -> Iterator[str]:
    yield from (*OFI, "ofi_int", "depth_b_10", "depth_a_10")


def weights(levels: Sequence[Singles]) -> Floats:
    """The first component of what the levels did second by second on the given days, its sum positive, sizes adding up to 1."""
    seconds = np.concatenate([each[:, :LEVELS] for each in levels]).astype(np.float64)
    known = seconds[np.isfinite(seconds).all(axis=1)]
    vector = first_component(known) if known.any() else np.ones(LEVELS)
    return np.asarray(vector / np.abs(vector).sum())


def integrated(levels: Singles, used: Floats) -> Floats:
    """A column for each span."""
    return np.asarray(levels.reshape(len(levels), len(SPANS_S), LEVELS) @ used, np.float64)
