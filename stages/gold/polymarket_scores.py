"""Forecasts against what came."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.scored import scored, unscored
from lakeflow.forecast.tables.time_left import refuse_unsorted
from lakeflow.forecast.tables.waiting import forecasts, unanswered
from lakeflow.forecast.tables.weights import TOLD


def score(  # noqa: PLR0913  a stage's arguments are its reads and its params
    snapshots: pl.DataFrame,
    earlier: pl.LazyFrame,
    lookbacks: pl.DataFrame,
    labels: pl.DataFrame,
    before: pl.DataFrame | None,
    dt: date,
    embargo_s: int,
    tte_borders_s: list[int],
) -> dict[str, pl.DataFrame]:
    """The forecasts that a day's labels answer, how many of those score nothing, by why, and those that wait on."""
    refuse_unsorted(tte_borders_s)
    waiting = forecasts(snapshots, lookbacks, earlier.select(TOLD).collect(), before)
    return {
        "scored": scored(waiting, labels, dt, embargo_s, tte_borders_s=tte_borders_s),
        "unscored": unscored(waiting, labels, dt, embargo_s),
        "unanswered": unanswered(waiting, labels, dt),
    }
