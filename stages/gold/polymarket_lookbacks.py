"""What markets had said before a close that nobody knew."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.marks import before_close


def look_back(markets: pl.DataFrame, marks: pl.DataFrame, dt: date) -> pl.DataFrame:
    """What markets that closed on a day had said so long before, for the bias meter alone."""
    return before_close(markets, marks, dt)
