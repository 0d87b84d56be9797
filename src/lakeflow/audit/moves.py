"""Whether the moves of the mid add up to where it went."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from lakeflow.audit.broken import broken
from lakeflow.audit.instrument import tick_of


def adds_up(
    moves: pl.LazyFrame,
    bbo: pl.LazyFrame,
    orders: pl.LazyFrame,
    definition: pl.LazyFrame,
    symbol: str,
    params: Mapping[str, Any],
) -> pl.LazyFrame:
    """Between any two quotes of both sides the mid went as far as the moves between them say, in half ticks."""
    moved = moves.select("row", moved=pl.col("half_ticks").cum_sum())
    mids = (
        bbo.drop_nulls(["bid_price", "ask_price"])
        .join(tick_of(definition, orders, symbol, params), how="cross", maintain_order="left")
        .select("row", half=pl.col("bid_price") // pl.col("tick") + pl.col("ask_price") // pl.col("tick"))
    )
    rows = mids.join_asof(moved, on="row").with_columns(pl.col("moved").fill_null(0))
    told = pl.col("half").first() - pl.col("moved").first() + pl.col("moved")
    return broken(
        rows.with_columns(told=told),
        pl.col("told") != pl.col("half"),
        at=["row"],
        expected=pl.format("bid and ask of {} ticks together", "told"),
        found=pl.col("half"),
    )


def is_of_its_parts(moves: pl.LazyFrame) -> pl.LazyFrame:
    """What moved the mid is told of in full, and a row says that something did."""
    causes = [f"from_{cause}" for cause in ("trade", "cancel", "add", "modify", "reset")]
    told = pl.sum_horizontal(causes)
    is_none = pl.all_horizontal(pl.col(name) == 0 for name in causes)
    return broken(
        moves, (told != pl.col("half_ticks")) | is_none, at=["row"], expected=told, found=pl.col("half_ticks")
    )
