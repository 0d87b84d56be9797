"""Forecasts against what came."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.scored import forecasts, scored, unanswered, unscored


def score(
    snapshots: pl.DataFrame,
    lookbacks: pl.DataFrame,
    labels: pl.DataFrame,
    before: pl.DataFrame | None,
    dt: date,
    embargo_s: int,
) -> dict[str, pl.DataFrame]:
    """The forecasts that a day's labels answer, how many of those score nothing, by why, and those that wait on."""
    waiting = forecasts(snapshots, lookbacks, before)
    return {
        "scored": scored(waiting, labels, dt, embargo_s),
        "unscored": unscored(waiting, labels, dt, embargo_s),
        "unanswered": unanswered(waiting, labels, dt),
    }
