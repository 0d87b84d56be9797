"""Whether what is told of all venues together is what is told of each, added up."""

import polars as pl

from lakeflow.audit.broken import broken, has, said

F_LAST = 128
SIDES = {"bid": pl.Expr.max, "ask": pl.Expr.min}
QUOTE = [f"{side}_{what}" for side in SIDES for what in ("price", "size", "count")]


def is_the_best_of_all(bbo: pl.LazyFrame, venue_bbo: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """A quote is the best price of the venues with all that rests there, while no venue is in the middle of an event."""
    quiet = bbo.select("row", *QUOTE).join_asof(under_way(orders), on="row").filter(pl.col("open") == 0)
    each = (
        quiet.select("row")
        .join(venue_bbo.select("publisher_id").unique(), how="cross")
        .sort("row")
        .join_asof(
            venue_bbo.select("row", "publisher_id", *QUOTE),
            on="row",
            by="publisher_id",
            check_sortedness=False,
        )
    )
    told = each.group_by("row").agg(expr for side in SIDES for expr in together(side))
    both = quiet.join(told, on="row", suffix="_told").sort("row")
    return broken(
        both,
        pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_told")) for name in QUOTE),
        at=["row"],
        expected=pl.concat_str([said(pl.col(f"{name}_told")) for name in QUOTE], separator=" "),
        found=pl.concat_str([said(pl.col(name)) for name in QUOTE], separator=" "),
    )


def under_way(orders: pl.LazyFrame) -> pl.LazyFrame:
    """How many publishers have begun an event and not ended it, after each record."""
    is_open = (~has("flags", F_LAST)).cast(pl.Int64)
    change = is_open - is_open.shift(1, fill_value=0).over("publisher_id")
    return orders.select("row", open=change.cum_sum())


def together(side: str) -> list[pl.Expr]:
    """The best price of a side, and the lots and orders that rest at it."""
    price = pl.col(f"{side}_price")
    best = SIDES[side](price)
    resting = [pl.col(f"{side}_{what}").filter(price == best).sum() for what in ("size", "count")]
    return [best, *resting]
