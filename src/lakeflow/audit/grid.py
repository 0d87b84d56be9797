"""Whether the seconds of a session are all there, and account for what the tables of the book told."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

import polars as pl

from lakeflow.audit.broken import broken

CAUSES = ("trade", "cancel", "add", "modify", "reset")


class Hours(Protocol):
    """A session, as far as it matters here."""

    date: date
    open: datetime
    close: datetime


def is_every_second(market_truth: pl.LazyFrame, sessions: Sequence[Hours], dt: date) -> pl.LazyFrame:
    """Row n is second n from the open, and the last one ends with the close."""
    [opened] = [session.open for session in sessions if session.date == dt]
    [closed] = [session.close for session in sessions if session.date == dt]
    told = pl.lit(opened) + pl.duration(seconds=pl.int_range(pl.len()))
    count = round((closed - opened).total_seconds())
    rows = market_truth.select("ts_second", "sec", told=told.cast(pl.Datetime("ns", "UTC")), rows=pl.len())
    return broken(
        rows.with_row_index("place"),
        (pl.col("ts_second") != pl.col("told"))
        | (pl.col("sec") != pl.col("place"))
        | (pl.col("rows") != count),
        at=["place"],
        expected=pl.format(f"{{}}, of {count} seconds", "told"),
        found=pl.format("{}, of {}", "ts_second", "rows"),
    )


def is_every_lot(market_truth: pl.LazyFrame, trades: pl.LazyFrame) -> pl.LazyFrame:
    """The volume of a second is that of the trades that count in it, and every lot was bought, sold or neither."""
    told = (
        trades.select(
            ts_second=pl.coalesce("ts_second", pl.col("ts_recv").cum_max().dt.truncate("1s")),
            size=pl.col("size").cast(pl.Int64),
        )
        .group_by("ts_second")
        .agg(lots=pl.col("size").sum(), count=pl.len().cast(pl.Int64))
    )
    rows = market_truth.join(told, on="ts_second", how="left", maintain_order="left")
    lots, count = (pl.col(name).fill_null(0) for name in ("lots", "count"))
    signed = pl.sum_horizontal("buy_vol", "sell_vol", "unk_vol")
    return broken(
        rows,
        (pl.col("vol_1s") != lots) | (pl.col("n_trades") != count) | (signed != lots),
        at=["ts_second"],
        expected=pl.format("{} lots in {} trades", lots, count),
        found=pl.format("{} in {}, {} of them by side", "vol_1s", "n_trades", signed),
    )


def adds_up(market_truth: pl.LazyFrame) -> pl.LazyFrame:
    """From the first mid on, the mid of a second is where the moves up to it lead."""
    moved = pl.sum_horizontal(f"dmid_{cause}" for cause in CAUSES).cum_sum()
    rows = market_truth.select("ts_second", "mid_half_ticks", moved=moved).drop_nulls("mid_half_ticks")
    told = pl.col("mid_half_ticks").first() - pl.col("moved").first() + pl.col("moved")
    return broken(
        rows.with_columns(told=told),
        pl.col("told") != pl.col("mid_half_ticks"),
        at=["ts_second"],
        expected=pl.format("bid and ask of {} ticks together", "told"),
        found=pl.col("mid_half_ticks"),
    )


def hides_no_second(features: pl.LazyFrame, market_truth: pl.LazyFrame) -> pl.LazyFrame:
    """A feature's row is the second of the grid with the same number, and what it shows is what stands there."""
    shown = features.select("sec", "flags", "mid", "vol_1s", "flow_valid")
    rows = market_truth.select("sec", "flags", "mid", "vol_1s").join(
        shown, on="sec", how="full", suffix="_shown", maintain_order="left"
    )
    other_mid = pl.col("mid_shown").is_not_null() & ~pl.col("mid_shown").eq_missing(pl.col("mid"))
    other_flow = pl.col("flow_valid") & ~pl.col("vol_1s_shown").eq_missing(pl.col("vol_1s"))
    return broken(
        rows,
        ~pl.col("sec").eq_missing(pl.col("sec_shown"))
        | (pl.col("flags") != pl.col("flags_shown"))
        | other_mid
        | other_flow,
        at=["sec"],
        expected=pl.format("mid {}, {} lots", pl.col("mid").cast(pl.String).fill_null("none"), "vol_1s"),
        found=pl.format("{}, {}", pl.col("mid_shown").cast(pl.String).fill_null("none"), "vol_1s_shown"),
    )
