"""A day's answers as exact tables: what was said, item by item."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from lakeflow.vendors.polymarket.parsed import parsed


def read(
    fetches: pl.LazyFrame,
    exchanges: list[str],
    earlier: pl.LazyFrame | None = None,
    dt: date | None = None,
) -> Iterator[dict[str, pl.DataFrame]]:
    """Markets as listed, price points, trades, open interest, resolutions, books and the ledger of what was asked."""
    yield from parsed(fetches, exchanges, earlier, dt)
