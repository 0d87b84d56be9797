"""Whether trades are the trade records of the orders, and filled no further than fills were told of."""

import polars as pl

from lakeflow.audit.broken import broken, has, said

F_LAST = 128
SAME = ("ts_recv", "price", "size", "side", "order_id", "publisher_id", "sequence")


def is_every_trade(trades: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """There is a row for every trade record, as it was delivered: the volume is that of the orders."""
    told = orders.filter(pl.col("action") == "T").select(
        "row", *(same(name) for name in SAME), orders=pl.lit(value=True)
    )
    made = trades.select(
        "row", *(same(name).alias(f"{name}_made") for name in SAME), trades=pl.lit(value=True)
    )
    both = told.join(made, on="row", how="full", coalesce=True).sort("row")
    differs = [pl.col(name).ne_missing(pl.col(f"{name}_made")) for name in SAME]
    return broken(
        both,
        pl.any_horizontal(*differs, pl.col("orders").is_null(), pl.col("trades").is_null()),
        at=["row"],
        expected=in_words("orders", SAME),
        found=in_words("trades", [f"{name}_made" for name in SAME]),
    )  # fmt: skip


def same(name: str) -> pl.Expr:
    """A column in the one type that both tables' columns of it fit into."""
    if name == "ts_recv":
        return pl.col(name)
    return pl.col(name).cast(pl.String if name == "side" else pl.UInt64 if name == "order_id" else pl.Int64)


def in_words(table: str, names: list[str] | tuple[str, ...]) -> pl.Expr:
    """A trade's price, size and side; nothing where the table has no such row."""
    price, size, side = (said(pl.col(names[n])) for n in (1, 2, 3))
    return pl.when(pl.col(table)).then(pl.format("{} of {} at {}", side, size, price))


def is_filled_as_told(trades: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """The trades of an event were filled by no more lots, and by no more fills, than the event tells of."""
    event = has("flags", F_LAST).cast(pl.Int64).cum_sum().shift(1, fill_value=0)
    records = orders.select("row", "action", "size", event=event).filter(pl.col("action").is_in(["T", "F"]))
    told = (
        records.filter(pl.col("action") == "F")
        .group_by("event")
        .agg(told=pl.col("size").cast(pl.Int64).sum(), times=pl.len().cast(pl.Int64))
    )
    made = (
        records.select("row", "event")
        .join(trades.select("row", "filled", "fills"), on="row")
        .group_by("event")
        .agg(pl.col("row").min(), pl.col("filled", "fills").sum())
    )
    both = (
        made.join(told, on="event", how="left").with_columns(pl.col("told", "times").fill_null(0)).sort("row")
    )
    return broken(
        both,
        (pl.col("filled") > pl.col("told")) | (pl.col("fills") > pl.col("times")),
        at=["row"],
        expected=pl.format("at most {} lots by {} fills", "told", "times"),
        found=pl.format("{} by {}", "filled", "fills"),
    )
