"""What flowed through each market."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.features import features


def flow(
    markets: pl.DataFrame, marks: pl.DataFrame, trades: pl.DataFrame, open_interest: pl.DataFrame, dt: date
) -> pl.DataFrame:
    """What flowed through each market on a day."""
    return features(markets, marks, trades, open_interest, dt)
