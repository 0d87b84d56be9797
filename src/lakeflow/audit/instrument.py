"""What a day's reference data say of the one instrument that a table of orders is about."""

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

OUTRIGHT = re.compile(r"(.+)[FGHJKMNQUVXZ]\d{1,2}")


def tick_of(
    definition: pl.LazyFrame, orders: pl.LazyFrame, symbol: str, params: Mapping[str, Any]
) -> pl.LazyFrame:
    """One row, `tick`: the price increment that the day's first definition of the instrument tells, or the usual one."""
    own = orders.select("instrument_id").unique()
    told = (
        definition.join(own, on="instrument_id", how="semi")
        .filter(pl.col("min_price_increment") > 0)
        .sort("row")
        .select(tick="min_price_increment")
        .head(1)
    )
    given = pl.LazyFrame({"tick": [usual(symbol, params.get("ticks", {}))]}, schema={"tick": pl.Int64})
    return pl.concat([told, given]).drop_nulls().head(1)


def usual(symbol: str, ticks: Mapping[str, float]) -> int | None:
    """The tick in 1e-9 that the stage was told to take where no definition has one."""
    found = OUTRIGHT.fullmatch(symbol)
    points = ticks.get(found[1] if found and "-" not in symbol else symbol) or ticks.get("*")
    return round(points * 10**9) if points else None


def of_the_instrument(rows: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of a parent's table that are about the instrument of some orders."""
    return rows.join(orders.select("instrument_id").unique(), on="instrument_id", how="semi")
