"""Groups of markets that belong together, and since when they have the members that they have."""

import polars as pl

NEG_RISK, LADDER, GAME = "NEG_RISK", "LADDER", "GAME"
SHAPE = ("group_id", "ts_valid_from", "group_kind", "members", "ordered", "thresholds")


def groups(markets: pl.DataFrame) -> pl.DataFrame:
    """Each group with every membership that it had during a day, from the instant that it was known."""
    named = markets.with_columns(
        group_kind=kind(), group_id=pl.coalesce("group_id", pl.format("game {}", "game_id"), "cluster_id"),
        threshold=pl.col("group_item").str.extract(r"(-?\d[\d,.]*)").str.replace_all(",", "").cast(pl.Float64, strict=False),
    ).filter(pl.col("group_kind").is_not_null())  # fmt: skip
    instants = named.select("group_id", "ts_valid_from").unique()
    members = named.select(
        "group_id", "group_kind", "condition_id", "threshold", joined="ts_valid_from"
    ).sort("joined")
    first = members.unique(["group_id", "condition_id"], keep="first", maintain_order=True)
    return (
        instants.join(first, on="group_id", how="inner")
        .filter(pl.col("joined") <= pl.col("ts_valid_from"))
        .sort("group_id", "ts_valid_from", "threshold", "condition_id", nulls_last=True)
        .group_by("group_id", "ts_valid_from", maintain_order=True)
        .agg(pl.col("group_kind").first(), members="condition_id", ordered=pl.col("threshold").is_not_null().all(), thresholds="threshold")
        .filter((pl.col("members") != pl.col("members").shift(1).over("group_id")).fill_null(value=True), pl.col("members").list.len() > 1)
        .with_columns(thresholds=pl.when("ordered").then("thresholds"))
        .select(SHAPE)
        .sort("group_id", "ts_valid_from")
    )  # fmt: skip


def kind() -> pl.Expr:
    """What holds a market to others; most are alone."""
    return (
        pl.when(pl.col("group_id").is_not_null())
        .then(pl.lit(NEG_RISK))
        .when(pl.col("game_id").is_not_null())
        .then(pl.lit(GAME))
        .when(pl.col("group_item").is_not_null() & pl.col("cluster_id").str.starts_with("event "))
        .then(pl.lit(LADDER))
    )
