"""Whether anomalies are those of the orders: each names a record of its minute, and what a record shows by itself is counted right."""

import polars as pl

from lakeflow.audit.broken import broken, has, said

F_MAYBE_BAD_BOOK = 4
KEY = ("ts_minute", "class")


def is_of_the_orders(anomalies: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """A row counts at least one record, and the first is a record of its minute; receipt never goes back."""
    minutes = orders.select(first_row="row", minute=pl.col("ts_recv").cum_max().dt.truncate("1m"))
    first = minutes.join(anomalies.select("first_row").unique(), on="first_row", how="semi")
    rows = anomalies.join(first, on="first_row", how="left", maintain_order="left")
    return broken(
        rows,
        pl.col("minute").ne_missing(pl.col("ts_minute")) | (pl.col("count") < 1),
        at=KEY,
        expected="at least 1 record, the first in this minute",
        found=pl.format("{}, the first in {}", "count", said(pl.col("minute"))),
    )


def counts_every_gap(anomalies: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """A minute's maybe_bad_book counts the records that say so."""
    told = (
        orders.select("flags", ts_minute=pl.col("ts_recv").cum_max().dt.truncate("1m"))
        .filter(has("flags", F_MAYBE_BAD_BOOK))
        .group_by("ts_minute")
        .agg(told=pl.len().cast(pl.Int64))
    )
    made = anomalies.filter(pl.col("class").cast(pl.String) == "maybe_bad_book").select("ts_minute", "count")
    both = made.join(told, on="ts_minute", how="full", coalesce=True).sort("ts_minute")
    return broken(
        both,
        pl.col("count").ne_missing(pl.col("told")),
        at=["ts_minute"],
        expected=pl.format("{} records of a gap", pl.col("told").fill_null(0)),
        found=pl.col("count").fill_null(0),
    )
