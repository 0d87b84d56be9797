"""Whether the imbalance of the first level is that of the quotes, told anew from one to the next (Cont, Kukanov, Stoikov)."""

import polars as pl

from lakeflow.audit.broken import broken, has

F_LAST, F_SNAPSHOT = 128, 32
NOWHERE = -(2**62)  # further away than any price: where the best of an empty side is


def is_that_of_the_quotes(ofi: pl.LazyFrame, bbo: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """A second's imbalance is the sum over its quotes of what came less what went; a clear or snapshot adds nothing."""
    clock = orders.select("row", ts_second=pl.col("ts_recv").cum_max().dt.truncate("1s"))
    told = (
        bbo.select("row", came=came("bid", 1) - came("ask", -1))
        .join(resets(orders), on="row", how="anti", maintain_order="left")
        .join_asof(clock, on="row")
        .group_by("ts_second")
        .agg(told=pl.col("came").sum())
    )
    both = ofi.select("ts_second", "ofi_1").join(told, on="ts_second", how="left", maintain_order="left")
    both = both.with_columns(pl.col("told").fill_null(0))
    return broken(
        both,
        pl.col("ofi_1") != pl.col("told"),
        at=["ts_second"],
        expected=pl.col("told"),
        found=pl.col("ofi_1"),
    )


def came(side: str, way: int) -> pl.Expr:
    """Lots that came to the best of a side since the quote before; `way` is where better prices lie."""
    price = (pl.col(f"{side}_price") * way).fill_null(NOWHERE)
    size = pl.col(f"{side}_size")
    before, was = price.shift(1, fill_value=NOWHERE), size.shift(1, fill_value=0)
    gained = pl.when(price >= before).then(size).otherwise(0)
    return gained - pl.when(price <= before).then(was).otherwise(0)


def resets(orders: pl.LazyFrame) -> pl.LazyFrame:
    """The last rows of events in which a book was cleared or came from a snapshot."""
    of_books = pl.col("action").is_in(["A", "C", "M"]) & has("flags", F_SNAPSHOT)
    ends = orders.filter(has("flags", F_LAST)).select("row", end="row")
    begun = orders.filter((pl.col("action") == "R") | of_books).select("row")
    return begun.join_asof(ends, on="row", strategy="forward").select(row="end").unique()
