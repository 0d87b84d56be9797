"""Frames of a few rows for audits, told by what differs from an order and a quote that are usual."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import polars as pl


class Hours(NamedTuple):
    """A session."""

    open: datetime
    close: datetime


TIME = pl.Datetime("ns", "UTC")
NOON = datetime(2026, 1, 6, 12, tzinfo=UTC)
ORDER = {
    "row": 0, "ts_recv": NOON, "publisher_id": 1, "instrument_id": 11, "order_id": 1, "price": 100, "size": 1, "flags": 128,
    "action": "A", "side": "B", "sequence": 1, "symbol": "ESH6",
}  # fmt: skip
DAY = Hours(NOON - timedelta(hours=12), NOON + timedelta(hours=12))


def orders(*rows: dict) -> pl.LazyFrame:
    """Order records, numbered from 0, each told by what differs from an add of 1 at 100 that ends its event."""
    told = [{**ORDER, "row": n, **row} for n, row in enumerate(rows)]
    return pl.LazyFrame(told, schema_overrides={"ts_recv": TIME, "size": pl.UInt32, "flags": pl.UInt8})


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def quote(row: int, bid: int | None, ask: int | None, *, suspect: bool = False, flags: int = 0) -> dict:
    return {
        "row": row, "ts_recv": after(row), "publisher_id": 1, "suspect": suspect, "flags": flags,
        "bid_price": bid, "bid_size": 1, "bid_count": 1, "ask_price": ask, "ask_size": 1, "ask_count": 1,
    }  # fmt: skip


def table(*rows: dict) -> pl.LazyFrame:
    return pl.LazyFrame(
        list(rows), schema_overrides={"ts_recv": TIME, "bid_price": pl.Int64, "ask_price": pl.Int64}
    )


def at(broken: pl.LazyFrame) -> list[str]:
    return broken.collect()["at"].to_list()
