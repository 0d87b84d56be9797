"""Whether bronze holds every record of a delivery once: numbers without gap or repeat, of the day, of what is defined."""

from collections.abc import Mapping

import polars as pl

from lakeflow.audit.broken import broken, has, said

F_TOB = 64
REJECTS = "rejects"


def is_in_one_table(tables: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """The records of each kind are numbered from 0 (a table without numbers holds none); every number is in the table of its kind or among the rejects, once."""
    refused = tables[REJECTS].select("row", "meant_for").drop_nulls("row")
    return pl.concat(
        [
            misnumbered(name, pl.concat([frame.select("row"), refused.filter(meant_for=name).select("row")]))
            for name, frame in tables.items()
            if name != REJECTS and "row" in frame.collect_schema()
        ]
    )


def misnumbered(table: str, numbers: pl.LazyFrame) -> pl.LazyFrame:
    """Where numbers do not go on from 0 one by one."""
    told = pl.col("row").shift(1, fill_value=-1) + 1
    return broken(
        numbers.sort("row").with_columns(told=told, table=pl.lit(table)),
        pl.col("row") != pl.col("told"),
        at=["table"],
        expected=pl.lit("record ") + said(pl.col("told")),
        found=pl.col("row"),
    )


def is_defined(orders: pl.LazyFrame, definition: pl.LazyFrame) -> pl.LazyFrame:
    """The orders under a symbol are of one instrument, and where definitions were delivered it is defined by that name."""
    named = orders.group_by("symbol").agg(
        ids=pl.col("instrument_id").n_unique(), one=pl.col("instrument_id").first()
    )
    known = definition.select(symbol="raw_symbol", one="instrument_id", known=pl.lit(value=True)).unique()
    rows = named.join(known, on=["symbol", "one"], how="left").join(
        definition.select(any=pl.len() > 0), how="cross"
    )
    return broken(
        rows.sort("symbol"),
        (pl.col("ids") != 1) | (pl.col("known").is_null() & pl.col("any")),
        at=["symbol"],
        expected="one instrument, defined by this symbol",
        found=pl.format("{} instruments, the first {}", "ids", "one"),
    )  # fmt: skip


def is_an_order(orders: pl.LazyFrame) -> pl.LazyFrame:
    """An order that comes has a side, a price and a size; one that changes has a side and a price; top of book may be empty."""
    comes, changes = pl.col("action") == "A", pl.col("action").is_in(["A", "M"])
    nameless = changes & pl.col("price").is_null() & ~has("flags", F_TOB)
    nothing = comes & (pl.col("size") == 0) & ~has("flags", F_TOB)
    return broken(
        orders,
        nameless | nothing,
        at=["symbol", "row"],
        expected="a price and a size",
        found=pl.format("{} of {} at {}", said(pl.col("action")), "size", said(pl.col("price"))),
    )
