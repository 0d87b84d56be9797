"""The figures of every segment."""

import polars as pl

from lakeflow.forecast.tables.maps import maps
from lakeflow.forecast.tables.measured import measured


def measure(
    scored: pl.DataFrame, recalibrated: pl.DataFrame, draws: int, seed: int
) -> dict[str, pl.DataFrame]:
    """Metrics with intervals, reliability bins, isotonic curves and recalibration maps of a window of scored forecasts."""
    every = pl.concat([scored, recalibrated.select(scored.columns)])
    return {**measured(every, draws, seed), "recal_maps": maps(scored)}
