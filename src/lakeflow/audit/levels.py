"""Whether ten levels a side are such: best first, no gap, something resting at each."""

from collections.abc import Iterator

import polars as pl

from lakeflow.audit.broken import broken, said

SIDES = {"bid": -1, "ask": 1}  # which way prices go from the best
LEVELS = range(1, 11)


def is_in_order(depth: pl.LazyFrame) -> pl.LazyFrame:
    """Levels by the second."""
    return out_of_order(depth, "ts_second")


def is_in_order_after_events(mbp: pl.LazyFrame) -> pl.LazyFrame:
    """Levels after every event."""
    return out_of_order(mbp, "row")


def out_of_order(levels: pl.LazyFrame, key: str) -> pl.LazyFrame:
    wrong = pl.coalesce(pl.when(is_wrong).then(pl.lit(words)) for words, is_wrong in wrongs())
    rows = levels.select(key, wrong=wrong)
    return broken(
        rows,
        pl.col("wrong").is_not_null(),
        at=[key],
        expected="levels best first, without a gap, with lots at each",
        found=pl.col("wrong"),
    )


def wrongs() -> Iterator[tuple[str, pl.Expr]]:
    """Everything that can be wrong with a row, in words."""
    for side, way in SIDES.items():
        for n in LEVELS:
            price, size = pl.col(f"{side}_price_{n}"), pl.col(f"{side}_size_{n}")
            yield f"{side} level {n} with a price or lots alone", price.is_null() != (size == 0)
            if n > 1:
                before = pl.col(f"{side}_price_{n - 1}")
                yield f"{side} level {n} behind an empty one", before.is_null() & price.is_not_null()
                yield f"{side} level {n} not behind the one before", (price - before) * way <= 0


def is_the_end_of_events(depth: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """A second's levels are those after the last event that ended in it or before: no later event of it is left out."""
    clock = pl.col("ts_recv").cum_max().dt.truncate("1s")
    last = (
        orders.select("row", "flags", ts_second=clock)
        .filter(pl.col("flags") & 128 != 0)
        .group_by("ts_second")
        .agg(last=pl.col("row").max())
    )
    both = depth.select("ts_second", "row").join(last, on="ts_second", how="left", maintain_order="left")
    return broken(
        both,
        pl.col("row").ne_missing(pl.col("last")),
        at=["ts_second"],
        expected=pl.lit("the event that ends with row ") + said(pl.col("last")),
        found=pl.col("row"),
    )
