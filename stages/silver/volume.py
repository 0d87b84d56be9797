"""What each contract of a parent traded in a session, by the trade date that it clears for."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

import polars as pl


class Hours(Protocol):
    """A session, as far as it matters here."""

    open: datetime
    close: datetime
    trade_date: date


def by_session(definition: pl.LazyFrame, orders: pl.LazyFrame, session: Hours) -> pl.DataFrame:
    """Trades and lots in the session of everything listed, and of whatever else had a record.

    There is no row while the UTC day that the session ends on is not in the lake: an evening's volume is not a session's.
    """
    listed = definition.select("raw_symbol").unique()
    found = (
        orders.filter(pl.col("ts_recv") >= session.open, pl.col("ts_recv") < session.close)
        .group_by(raw_symbol="symbol")
        .agg(
            trades=is_trade().sum().cast(pl.Int64),
            volume=pl.col("size").filter(is_trade()).cast(pl.Int64).sum(),
            ts_last=pl.col("ts_recv").max(),
        )
        .join(listed, on="raw_symbol", how="full", coalesce=True)
        .with_columns(pl.col("trades", "volume").fill_null(0), trade_date=pl.lit(session.trade_date, pl.Date))
        .select("raw_symbol", "trade_date", "trades", "volume", "ts_last")
        .sort("raw_symbol")
        .collect()
    )
    return found if (found["ts_last"] >= last_day(session)).any() else found.clear()


def is_trade() -> pl.Expr:
    return pl.col("action") == "T"


def last_day(session: Hours) -> datetime:
    """Midnight of the UTC date that a session ends on."""
    return datetime.combine((session.close - timedelta(microseconds=1)).date(), time(), UTC)
