"""Bars of mids and trades."""

import polars as pl

from lakeflow.forecast.tables.bars import bars


def minutes(book_tops: pl.DataFrame, last_trades: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Bars of one and of five minutes."""
    return {f"bars_{length}m": bars(book_tops, last_trades, length) for length in (1, 5)}
