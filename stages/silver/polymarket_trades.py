"""Trades and fills, each once over all days."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.repeats import FILL, TRADE, late, unseen


def once(
    trades: pl.DataFrame,
    fills: pl.DataFrame,
    earlier_trades: pl.LazyFrame,
    earlier_fills: pl.LazyFrame,
    dt: date,
) -> dict[str, pl.DataFrame]:
    """What the day's answers told that no answer of the month before had: a trade is of the day that first told it."""
    new = {"trades": unseen(trades, earlier_trades, TRADE), "fills": unseen(fills, earlier_fills, FILL)}
    return {name: late(rows, dt) for name, rows in new.items()}
