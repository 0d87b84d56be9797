"""The market truth for models: what strict flags forbid is hidden, and how much that is."""

import polars as pl

from lakeflow.truth.strict import anew, burst_seconds, kinds, mask_rates, strict


def masked(market_truth: pl.DataFrame, bursts: pl.DataFrame, *, max_gap_s: int) -> dict[str, pl.DataFrame]:
    """Every second stays; where a flag forbids it, states are null and flows 0, and no later second tells what was there."""
    rates = mask_rates(market_truth, burst_seconds(bursts, len(market_truth)))
    return {"features": strict(anew(market_truth, max_gap_s), kinds(market_truth)), "gold_mask_rate": rates}
