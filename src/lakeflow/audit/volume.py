"""Whether volumes are of the orders: no contract traded more in a session than in the UTC days around it."""

import polars as pl

from lakeflow.audit.broken import broken, said


def is_no_more_than_traded(session_volume: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """The trades and lots of a session are among those of the UTC days that it spans."""
    told = (
        orders.filter(pl.col("action") == "T")
        .group_by(raw_symbol=pl.col("symbol"))
        .agg(most=pl.col("size").cast(pl.Int64).sum(), times=pl.len().cast(pl.Int64))
    )
    rows = session_volume.join(told, on="raw_symbol", how="left", maintain_order="left")
    most, times = (pl.col(name).fill_null(0) for name in ("most", "times"))
    return broken(
        rows,
        (pl.col("volume") > most) | (pl.col("trades") > times),
        at=["raw_symbol"],
        expected=pl.format("at most {} lots in {} trades", most, times),
        found=pl.format("{} in {}", "volume", "trades"),
    )


def is_every_trade(activity: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """The seconds of a day count every trade record, and those of a snapshot, which tells what was, never."""
    told = orders.select(told=((pl.col("action") == "T") & (pl.col("flags") & 32 == 0)).sum().cast(pl.Int64))
    rows = activity.select(trades=pl.col("trades").sum()).join(told, how="cross")
    return broken(
        rows,
        pl.col("trades") != pl.col("told"),
        at=["trades"],
        expected=pl.lit("trades of the orders: ") + said(pl.col("told")),
        found=pl.col("trades"),
    )
