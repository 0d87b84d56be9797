"""What forecasts have to beat."""

import polars as pl

from lakeflow.forecast.tables.yardsticks import yardsticks


def compare(scored: pl.DataFrame, past: pl.DataFrame, with_up_down: bool) -> pl.DataFrame:
    """What one would have said of each of the day's forecasts by the labels of its segment alone, as they were known before."""
    return yardsticks(scored, past, with_up_down=with_up_down)
