"""Rows that a rule against looking ahead forbids, found by holding one table against another."""

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.versions import GAME_START


def unsaid(shot: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Snapshots whose distance to the end is none that any version gave that held at the cutoff."""
    versions = markets.select("condition_id", "ts_valid_from", "ts_valid_to", "ts_scheduled_end")
    wanted = pl.col("ts_cutoff") + pl.duration(seconds="horizon_s", time_unit="ns")
    held = (pl.col("ts_valid_from") <= pl.col("ts_cutoff")) & (
        pl.col("ts_valid_to").is_null() | (pl.col("ts_valid_to") > pl.col("ts_cutoff"))
    )
    anchored = shot.filter(pl.col("anchor") == cutoffs.SCHED_END)
    said = anchored.join(versions, on="condition_id", how="inner").filter(
        held & (pl.col("ts_scheduled_end") == wanted)
    )
    return anchored.join(said, on=["condition_id", "anchor", "horizon_s", "ts_cutoff"], how="anti")


def played(used: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Snapshots after the start of the game that a version said at their cutoff."""
    games = markets.filter(pl.col("scheduled_by") == GAME_START).select(
        "condition_id", "ts_valid_from", "ts_valid_to", start="ts_scheduled_end"
    )
    at, until = pl.col("ts_cutoff"), pl.col("ts_valid_to")
    held = (pl.col("ts_valid_from") <= at) & (until.is_null() | (until > at))
    return used.join(games, on="condition_id", how="inner").filter(held & (at > pl.col("start")))


def endings(points: pl.DataFrame) -> pl.DataFrame:
    """Points that tell how a market ended, of the day; none of them is a price."""
    return points.filter(pl.col("resolution_s") == 0)


def over_gap(mids: pl.DataFrame, gaps: pl.DataFrame) -> pl.DataFrame:
    """Mids whose quote lies before a gap of every token that had begun by the cutoff and not ended by the quote."""
    every = gaps.filter(pl.col("token_id") == "").select("ts_start", "ts_end")
    inside = (pl.col("ts_start") > pl.col("ts_quote")) & (pl.col("ts_start") < pl.col("ts_cutoff"))
    return (
        mids.join(every, how="cross")
        .filter(inside)
        .unique(["condition_id", "anchor", "horizon_s", "ts_cutoff"])
    )


def first_seen(markets: pl.DataFrame) -> pl.DataFrame:
    return markets.group_by("condition_id").agg(ts_first=pl.col("ts_valid_from").min())
