"""Dollars as weights, none above what all but one in a hundred cutoffs of the month before had: one whale does not own an average."""

from datetime import timedelta

import numpy as np
import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.evidence import WHOLE

REST = 100  # one in so many weights of the month before is above the cap
MONTH = timedelta(days=30)
BEGAN = pl.col("ts_cutoff").dt.truncate("1d")
TOLD = ("condition_id", "ts_cutoff", "volume_24h", "excluded")  # what of a snapshot makes a weight


def capped(scored: pl.DataFrame, snapshots: pl.DataFrame) -> pl.DataFrame:
    """The rows with `weight_cap`, fitted on what was forecast in the 30 days before the UTC day of each cutoff, whether or not it was answered since.

    Null where no dollar was traded before any of these forecasts, and of the anchor that looks ahead, which weighs nothing.
    """
    seen = weighed(snapshots).sort("began")
    days, weights = seen["began"], seen["weight"].to_numpy()
    asked = scored.select(began=BEGAN).unique().sort("began").to_series()
    first, last = (days.search_sorted(asked.dt.offset_by(by), side="left") for by in ("-30d", "0d"))
    caps = pl.DataFrame(
        {"began": asked, "cap": [cap(weights[a:b]) for a, b in zip(first, last, strict=True)]},
        schema_overrides={"cap": pl.Float64},
    )
    found = scored.with_columns(began=BEGAN).join(caps, on="began", how="left", maintain_order="left")
    is_honest = pl.col("anchor") != cutoffs.CLOSE_EXPOST
    return found.with_columns(weight_cap=pl.when(is_honest).then("cap")).drop("began", "cap")


def weighed(snapshots: pl.DataFrame) -> pl.DataFrame:
    """The dollars before each market's cutoff, once, with the UTC day of the cutoff."""
    taken = snapshots.filter(~pl.col("excluded"), pl.col("volume_24h") > 0)
    return taken.select(
        "condition_id", "ts_cutoff", began=BEGAN, weight=pl.col("volume_24h") / WHOLE
    ).unique()


def cap(weights: np.ndarray) -> float | None:
    """The weight that one in a hundred of the others is above, at most."""
    if not weights.size:
        return None
    place = weights.size - 1 - (weights.size - 1) // REST
    return float(np.partition(weights, place)[place])


def winsorised(scored: pl.DataFrame) -> pl.DataFrame:
    """The rows with no `weight_volume` above their cap; those without a cap are whole."""
    return scored.with_columns(weight_volume=pl.min_horizontal("weight_volume", "weight_cap"))
