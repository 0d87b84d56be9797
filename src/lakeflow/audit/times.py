"""Whether rows stand where their time is: inside the UTC day, and as the orders that they tell of."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from lakeflow.audit.broken import broken, has, said

F_LAST = 128
CLOCKS = ("ts_recv", "ts_second", "ts_minute")
TIME = pl.Datetime("ns", "UTC")


def is_inside_the_day(tables: Mapping[str, pl.LazyFrame], dt: date) -> pl.LazyFrame:
    """Every row is of the UTC date of its partition, by receipt."""
    told = [
        frame.select(table=pl.lit(name), clock=pl.lit(clock), time=pl.col(clock).cast(TIME))
        for name, frame in tables.items()
        for clock in CLOCKS
        if clock in frame.collect_schema()
    ]
    begins = datetime.combine(dt, time(), UTC)
    inside = pl.col("time").is_between(begins, begins + timedelta(days=1), closed="left")
    return broken(
        pl.concat(told), ~inside, at=["table"], expected=pl.format("{} in {}", "clock", pl.lit(str(dt))), found=pl.col("time")
    )  # fmt: skip


def is_that_of_the_orders(tables: Mapping[str, pl.LazyFrame], orders: pl.LazyFrame) -> pl.LazyFrame:
    """A row names an order record and was received with it; one that is told after an event names the event's last record."""
    named = [
        unlike_the_orders(name, frame, orders)
        for name, frame in tables.items()
        if {"row", "ts_recv"} <= set(frame.collect_schema())
    ]
    return pl.concat(named)


def unlike_the_orders(table: str, rows: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """Where a table's rows are not those of the records that they name; both go by row, so that neither is held in memory."""
    told = orders.select("row", record="row", received="ts_recv", ends=has("flags", F_LAST))
    named = rows.select("row", "ts_recv", table=pl.lit(table)).join_asof(told, on="row")
    is_another = pl.col("record").ne_missing(pl.col("row"))
    is_amiss = pl.lit(table != "trades") & ~pl.col("ends")
    words = (
        pl.when(is_another)
        .then(pl.lit("a record of the orders"))
        .when(is_amiss)
        .then(pl.lit("the end of an event"))
    )
    return broken(
        named,
        is_another | is_amiss | pl.col("ts_recv").ne_missing(pl.col("received")),
        at=["table", "row"],
        expected=words.otherwise(said(pl.col("received"))),
        found=pl.col("ts_recv"),
    )


def counts_every_event(ofi: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """A second tells of as many events as the orders have endings in it; receipt never goes back."""
    clock = pl.col("ts_recv").cum_max().dt.truncate("1s")
    ended = (
        orders.select(ts_second=clock, ends=has("flags", F_LAST))
        .filter("ends")
        .group_by("ts_second")
        .agg(told=pl.len().cast(pl.Int64))
    )
    both = ofi.select("ts_second", "events").join(ended, on="ts_second", how="full", coalesce=True)
    return broken(
        both.sort("ts_second"),
        pl.col("events").ne_missing(pl.col("told")),
        at=["ts_second"],
        expected=pl.col("told").fill_null(0),
        found=pl.col("events").fill_null(0),
    )
