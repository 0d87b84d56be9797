"""What every open market cost, hour by hour."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.marks import hourly
from lakeflow.forecast.tables.quotes import sources


def mark(  # noqa: PLR0913, PLR0917  a stage's arguments are its reads and its params
    markets: pl.DataFrame,
    book_tops: pl.DataFrame,
    book_events: pl.LazyFrame,
    rest_books: pl.DataFrame,
    trades: pl.DataFrame,
    last_trades: pl.DataFrame,
    price_points: pl.DataFrame,
    dt: date,
    as_of: str,
) -> pl.DataFrame:
    """What each open market cost at the end of every hour."""
    known = sources(book_tops, book_events, rest_books, trades, last_trades, price_points)
    return hourly(markets, known, dt, as_of)
