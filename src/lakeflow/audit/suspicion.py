"""Whether quotes and trades are suspect where the orders say so: from a reported gap until the book is cleared."""

from collections.abc import Mapping

import polars as pl

from lakeflow.audit.broken import broken, has

F_MAYBE_BAD_BOOK, F_SNAPSHOT = 4, 32


def is_that_of_the_orders(tables: Mapping[str, pl.LazyFrame], orders: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of the tables by event are suspect while a gap of any publisher is open."""
    told = [
        frame.select("row", "suspect", table=pl.lit(name))
        for name, frame in tables.items()
        if name in ("bbo", "depth", "mbp")
    ]
    rows = pl.concat(told).sort("row").join_asof(open_gaps(orders), on="row")
    return broken(
        rows,
        pl.col("suspect").ne_missing(pl.col("gaps").fill_null(0) > 0),
        at=["table", "row"],
        expected=pl.format("{} publishers with an open gap", pl.col("gaps").fill_null(0)),
        found=pl.when("suspect").then(pl.lit("suspect")).otherwise(pl.lit("not suspect")),
    )


def open_gaps(orders: pl.LazyFrame) -> pl.LazyFrame:
    """How many publishers have a gap that no clear has closed, after each record that changes it."""
    goes_on = has("flags", F_SNAPSHOT).shift(1) & (pl.col("publisher_id").shift(1) == pl.col("publisher_id"))
    is_new = has("flags", F_SNAPSHOT) & ~goes_on.fill_null(value=False)
    state = pl.when(has("flags", F_MAYBE_BAD_BOOK)).then(1).when((pl.col("action") == "R") | is_new).then(0)
    return (
        orders.select("row", "publisher_id", state=state)
        .drop_nulls("state")
        .with_columns(change=pl.col("state") - pl.col("state").shift(1, fill_value=0).over("publisher_id"))
        .select("row", gaps=pl.col("change").cum_sum())
    )
