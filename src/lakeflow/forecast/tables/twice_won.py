"""Forecasts of markets that won in a group of which another won too: no label answers them, and the group is told of all the same."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.group_scores import OF
from lakeflow.forecast.tables.labels import TRUE
from lakeflow.forecast.tables.scored import embargo, instant_told

NEEDED = ("condition_id", *OF, "forecaster", "p", "y", "dt")


def forecasts(
    waiting: pl.LazyFrame, scored: pl.DataFrame, labels: pl.DataFrame, markets: pl.DataFrame, dt: date, embargo_s: int
) -> pl.DataFrame:  # fmt: skip
    """The forecasts of such winners, without an outcome: those that wait, and those that were scored before the other one won."""
    won = winners(labels, markets)
    still = waiting.join(won.lazy(), on="condition_id", how="semi").collect()
    asked = still.with_columns(
        forecaster=pl.lit("MARKET"), y=pl.lit(None, pl.Int8), dt=pl.lit(dt, scored.schema["dt"])
    )
    before = scored.filter(pl.col("forecaster") == "MARKET").with_columns(y=pl.lit(None, pl.Int8))
    every = pl.concat([before.select(NEEDED), asked.select(NEEDED)])
    in_time = pl.col("ts_cutoff") < pl.col("told") - embargo(embargo_s)
    return (
        every.join(won, on="condition_id", how="inner")
        .filter(in_time, pl.col("p").is_not_null(), pl.col("group_id").is_not_null())
        .unique(["condition_id", *OF], keep="first", maintain_order=True)
        .select(NEEDED)
    )


def winners(labels: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """The markets that won in a group with another winner, and since when anything of that was about."""
    groups = (
        markets.sort("ts_valid_from")
        .unique("condition_id", keep="last", maintain_order=True)
        .select("condition_id", "group_id")
        .drop_nulls()
    )
    won = labels.filter(pl.col("label_status") == TRUE, pl.col("conflict"))
    several = won.join(groups, on="condition_id", how="inner").filter(pl.len().over("group_id") > 1)
    return several.select("condition_id", told=instant_told())
