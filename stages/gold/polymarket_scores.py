"""Forecasts against what came."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.scored import scored


def score(
    snapshots: pl.DataFrame, lookbacks: pl.DataFrame, labels: pl.DataFrame, dt: date, embargo_s: int
) -> pl.DataFrame:
    """The forecasts of the markets whose label became known on a day."""
    columns = [name for name in snapshots.columns if name != "dt"]
    return scored(pl.concat([snapshots.select(columns), lookbacks.select(columns)]), labels, dt, embargo_s)
