"""A day's answers as exact tables: what was said, item by item."""

from datetime import date

import polars as pl

from lakeflow.vendors.polymarket.parsed import parsed


def read(
    fetches: pl.DataFrame,
    exchanges: list[str],
    earlier: pl.LazyFrame | None = None,
    dt: date | None = None,
) -> dict[str, pl.DataFrame]:
    """Markets as listed, price points, trades, open interest, resolutions, books and the ledger of what was asked."""
    return parsed(fetches, exchanges, earlier, dt)
