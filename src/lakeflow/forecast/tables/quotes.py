"""The price of a market at an instant, from what was known by then: a fresh two-sided book, else a trade, else a history point."""

from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables.books import VERIFIED, Books, book_at, books, last_before, seconds
from lakeflow.forecast.tables.evidence import WHOLE

WIDE = 100_000  # ten cents: a mid between quotes this far apart is nobody's price
TRADE_S, HOUR_S = 86_400, 3_600
MID, UNVERIFIED, LAST, HIST = "MID", "MID_UNVERIFIED", "LAST", "HIST"
KINDS = (MID, UNVERIFIED, LAST, HIST)
NO_QUOTE, ONE_SIDED = "NO_QUOTE", "ONE_SIDED"
POINT = ["hist_price", "ts_hist", "hist_s", "ts_hist_known"]


class Sources(NamedTuple):
    """Where prices come from: books by when they were received, trades in their order, and history points."""

    books: Books
    trades: pl.DataFrame
    points: pl.DataFrame


def priced(asked: pl.DataFrame, sources: Sources) -> pl.DataFrame:
    """For each `token_id`, `other_token_id` and `ts_cutoff`: the price of outcome 0 in millionths, its kind and its age, or why none."""
    rows = book_at(asked.sort("ts_cutoff"), sources.books)
    rows = last_before(rows, both_ways(sources.trades, rows), "ts_event", ["last_price", "ts_last"])
    rows = last_before(rows, points(sources.points), "ts_known", POINT)
    return rows.pipe(without_old_trades).pipe(chosen)


def both_ways(trades: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Trades of either outcome as prices of outcome 0: what one costs, the other lacks to a dollar."""
    pairs = asked.select("token_id", "other_token_id").unique()
    own = trades.join(pairs.select("token_id"), on="token_id", how="inner").select(
        "token_id", "ts_event", "price", "order"
    )
    other = trades.join(pairs, left_on="token_id", right_on="other_token_id", how="inner").select(
        token_id=pl.col("token_id_right"), ts_event="ts_event", price=WHOLE - pl.col("price"), order="order"
    )
    traded = (pl.col("price") > 0) & (pl.col("price") < WHOLE)  # nothing and all are payouts, not prices
    every = pl.concat([own, other]).filter(traded).sort("ts_event", "order")
    last = every.unique(["token_id", "ts_event"], keep="last", maintain_order=True)
    return last.with_columns(last_price="price", ts_last=pl.col("ts_event"))


def points(found: pl.DataFrame) -> pl.DataFrame:
    """History points that are prices; a point without a bucket tells how the market ended."""
    return found.filter(pl.col("resolution_s") > 0).select(
        "token_id",
        "ts_known",
        hist_price="price",
        ts_hist="ts_event",
        hist_s="resolution_s",
        ts_hist_known="ts_known",
    )


def without_old_trades(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose last trade is of the day before the cutoff, or none."""
    is_recent = (seconds(pl.col("ts_cutoff") - pl.col("ts_last")) <= TRADE_S).fill_null(value=False)
    return rows.with_columns(pl.when(is_recent).then(name).alias(name) for name in ("last_price", "ts_last"))


def chosen(rows: pl.DataFrame) -> pl.DataFrame:
    """The price by the order of preference; every column that was not used is gone."""
    bid, ask = pl.col("bid"), pl.col("ask")
    has_both = bid.is_not_null() & ask.is_not_null()
    one_sided = bid.is_not_null() != ask.is_not_null()
    narrow = has_both & (ask - bid <= WIDE)
    hist_age = seconds(pl.col("ts_cutoff") - pl.col("ts_hist"))
    recent = hist_age <= pl.max_horizontal(2 * pl.col("hist_s"), HOUR_S)
    kind = (
        pl.when(narrow & (pl.col("verify_status") == VERIFIED))
        .then(pl.lit(MID))
        .when(narrow)
        .then(pl.lit(UNVERIFIED))
        .when(((has_both & ~narrow) | one_sided) & pl.col("last_price").is_not_null())
        .then(pl.lit(LAST))
        .when(recent.fill_null(value=False))
        .then(pl.lit(HIST))
    )
    return (
        rows.with_columns(p_kind=kind)
        .with_columns(
            p=pick((bid + ask) // 2, pl.col("last_price"), pl.col("hist_price")),
            ts_quote=pick(pl.col("ts_heard"), pl.col("ts_last"), pl.col("ts_hist")),
            ts_quote_known=pick(pl.col("ts_heard"), pl.col("ts_last"), pl.col("ts_hist_known")),
            no_price=pl.when(kind.is_null()).then(
                pl.when(one_sided).then(pl.lit(ONE_SIDED)).otherwise(pl.lit(NO_QUOTE))
            ),
        )
        .drop("verify_status", "ts_heard", "hist_price", "ts_hist", "hist_s", "ts_hist_known", "ts_last")
    )


def pick(mid: pl.Expr, last: pl.Expr, hist: pl.Expr) -> pl.Expr:
    """One of three by the kind of price."""
    kind = pl.col("p_kind")
    return (
        pl.when(kind.is_in([MID, UNVERIFIED]))
        .then(mid)
        .when(kind == LAST)
        .then(last)
        .when(kind == HIST)
        .then(hist)
    )


def sources(
    tops: pl.DataFrame, events: pl.LazyFrame, rest_books: pl.DataFrame, trades: pl.DataFrame, last_trades: pl.DataFrame,
    price_points: pl.DataFrame,
) -> Sources:  # fmt: skip
    """All that prices are taken from: the books of both sources, and the trades of both services as one."""
    nth = pl.lit(0, pl.Int64)
    listed = trades.select(
        "token_id", "ts_event", "price", order=pl.col("transaction") + pl.col("ordinal").cast(pl.String), row=nth, message_no=nth
    )  # fmt: skip
    fed = last_trades.select(
        "token_id", "price", "row", "message_no", ts_event="ts_recv", order=pl.lit("")
    ).select(listed.columns)
    told = pl.concat([listed, fed]).sort("ts_event", "order", "row", "message_no")
    return Sources(
        books(tops, events, rest_books), told.with_columns(order=pl.int_range(pl.len())), price_points
    )
