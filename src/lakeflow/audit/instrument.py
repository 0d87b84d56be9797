"""What a day's reference data say of the one instrument that a table of orders is about."""

import polars as pl


def tick_of(definition: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """One row, `tick`: the price increment that the day's first definition of the instrument tells."""
    own = orders.select("instrument_id").unique()
    return (
        definition.join(own, on="instrument_id", how="semi")
        .filter(pl.col("min_price_increment") > 0)
        .sort("row")
        .select(tick="min_price_increment")
        .head(1)
    )


def of_the_instrument(rows: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of a parent's table that are about the instrument of some orders."""
    return rows.join(orders.select("instrument_id").unique(), on="instrument_id", how="semi")
