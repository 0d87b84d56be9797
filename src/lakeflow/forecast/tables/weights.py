"""Dollars as weights, none above what all but one in a hundred earlier cutoffs had: one whale does not own an average."""

import numpy as np
import polars as pl

SHARE = 0.99
BEGAN = pl.col("ts_cutoff").dt.truncate("1d")


def winsorised(scored: pl.DataFrame) -> pl.DataFrame:
    """The rows with `weight_volume` cut at the 99th percentile of the weights of cutoffs before their UTC day; the first day's are whole."""
    seen = (
        scored.select("condition_id", "ts_cutoff", "weight_volume").unique().sort("ts_cutoff", "condition_id")
    )
    days, weights = seen.select(BEGAN).to_series(), seen["weight_volume"].to_numpy()
    first = days.unique().sort()
    before = days.search_sorted(first, side="left").to_list()
    cap = [float(np.quantile(weights[:rows], SHARE, method="higher")) if rows else None for rows in before]
    caps = pl.DataFrame({"_began": first, "_cap": pl.Series(cap, dtype=pl.Float64)})
    return (
        scored.with_columns(_began=BEGAN)
        .join(caps, on="_began", how="left", maintain_order="left")
        .with_columns(weight_volume=pl.min_horizontal("weight_volume", "_cap"))
        .drop("_began", "_cap")
    )
