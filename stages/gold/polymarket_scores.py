"""Forecasts against what came."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.scored import scored, unscored
from lakeflow.forecast.tables.time_left import refuse_unsorted
from lakeflow.forecast.tables.weights import TOLD, capped


def score(  # noqa: PLR0913  a stage's arguments are its reads and its params
    snapshots: pl.DataFrame,
    earlier: pl.LazyFrame,
    lookbacks: pl.DataFrame,
    labels: pl.DataFrame,
    dt: date,
    embargo_s: int,
    tte_borders_s: list[int],
) -> dict[str, pl.DataFrame]:
    """The forecasts of the markets whose label became known on a day, and how many of those taken score nothing, by why."""
    refuse_unsorted(tte_borders_s)
    columns = [name for name in snapshots.columns if name != "dt"]
    every = pl.concat([snapshots.select(columns), lookbacks.select(columns)])
    rows = scored(every, labels, dt, embargo_s, tte_borders_s=tte_borders_s)
    return {
        "scored": capped(rows, earlier.select(TOLD).collect()),
        "unscored": unscored(snapshots, labels, dt, embargo_s),
    }
