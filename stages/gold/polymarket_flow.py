"""What flowed through each market."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.features import features
from lakeflow.forecast.tables.volumes import told
from lakeflow.vendors.polymarket.asked import asked_for_trades


def flow(  # noqa: PLR0913  a stage's arguments are its reads and its date
    markets: pl.DataFrame,
    marks: pl.DataFrame,
    trades: pl.DataFrame,
    last_trades: pl.DataFrame,
    book_events: pl.LazyFrame,
    fetch_ledger: pl.DataFrame,
    open_interest: pl.DataFrame,
    dt: date,
) -> pl.DataFrame:
    """What flowed through each market on a day."""
    said = told(markets, trades, asked_for_trades(fetch_ledger), last_trades, book_events)
    return features(markets, marks, said, open_interest, dt)
