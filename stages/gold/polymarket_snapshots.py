"""What markets said at their cutoffs."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.quotes import sources
from lakeflow.forecast.tables.snapshots import Day, snapshots
from lakeflow.forecast.tables.volumes import told
from lakeflow.vendors.polymarket.asked import asked_for_trades


def snapshot(  # noqa: PLR0913, PLR0917  a stage's arguments are its reads and its params
    markets: pl.DataFrame,
    evidence: pl.DataFrame,
    book_tops: pl.DataFrame,
    book_events: pl.LazyFrame,
    rest_books: pl.DataFrame,
    trades: pl.DataFrame,
    last_trades: pl.DataFrame,
    price_points: pl.DataFrame,
    fetch_ledger: pl.DataFrame,
    open_interest: pl.DataFrame,
    marks: pl.DataFrame,
    before: pl.DataFrame | None,
    dt: date,
    as_of: str,
) -> dict[str, pl.DataFrame]:
    """What each market said at each of its cutoffs on a day, without anything that was not public by then."""
    known = sources(book_tops, book_events, rest_books, trades, last_trades, price_points)
    said = told(markets, trades, asked_for_trades(fetch_ledger), last_trades, book_events)
    return snapshots(Day(markets, evidence, open_interest, said, marks, before, as_of), known, dt)
