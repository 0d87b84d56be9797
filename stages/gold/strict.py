"""The market truth for models: what strict flags forbid is hidden, and how much that is."""

import polars as pl

from lakeflow.truth.strict import burst_seconds, kinds, mask_rates, strict


def masked(market_truth: pl.DataFrame, bursts: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Every second stays; where a flag forbids it, states are null and flows 0."""
    rates = mask_rates(market_truth, burst_seconds(bursts, len(market_truth)))
    return {"features": strict(market_truth, kinds(market_truth)), "gold_mask_rate": rates}
