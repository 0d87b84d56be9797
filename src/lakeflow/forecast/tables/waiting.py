"""Forecasts that wait for their answer, carried from day to day with all that their score will need: an answer may take years."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.scored import FORECASTERS, KEY, is_sure
from lakeflow.forecast.tables.weights import capped

WAITS = (
    *KEY[:4], *FORECASTERS.values(), "volume_24h", "tte_s", "weight_cap", "cluster_id", "group_id", "category", "liquidity_bucket", "p_kind",
)  # fmt: skip


def forecasts(
    snapshots: pl.DataFrame, lookbacks: pl.DataFrame, earlier: pl.DataFrame, before: pl.DataFrame | None
) -> pl.DataFrame:
    """The forecasts that a day's labels may answer: those of earlier days that none has answered, and the day's own.

    A weight is capped by the dollars of the month before the forecast's own day (`earlier`), when it is made; one that looks ahead has no dollars.
    """
    taken = capped(snapshots.filter(~pl.col("excluded")), earlier)
    ahead = lookbacks.filter(~pl.col("excluded")).with_columns(weight_cap=pl.lit(None, pl.Float64))
    new = pl.concat([each.select(WAITS) for each in (taken, ahead)])
    every = new if before is None else pl.concat([before.select(WAITS), new])
    return every.unique(KEY[:4], keep="first", maintain_order=True)


def unanswered(waiting: pl.DataFrame, labels: pl.DataFrame, dt: date) -> pl.DataFrame:
    """The forecasts that go on waiting after a day: an answer that is in doubt may be sure yet."""
    sure = labels.filter(pl.col("ts_known") < cutoffs.bounds(dt)[1], is_sure())
    return waiting.join(sure, on="condition_id", how="anti").select(WAITS).sort(KEY[:4])
