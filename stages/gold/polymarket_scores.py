"""Forecasts against what came."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.scored import scored, unscored


def score(
    snapshots: pl.DataFrame, lookbacks: pl.DataFrame, labels: pl.DataFrame, dt: date, embargo_s: int
) -> dict[str, pl.DataFrame]:
    """The forecasts of the markets whose label became known on a day, and how many of those taken score nothing, by why."""
    columns = [name for name in snapshots.columns if name != "dt"]
    every = pl.concat([snapshots.select(columns), lookbacks.select(columns)])
    return {
        "scored": scored(every, labels, dt, embargo_s),
        "unscored": unscored(snapshots, labels, dt, embargo_s),
    }
