"""Groups of markets that belong together, and since when they have the members that they have."""

import polars as pl

from lakeflow.forecast.tables.ladders import by_threshold, laddered
from lakeflow.forecast.tables.scales import ordered

NEG_RISK, LADDER, GAME, SINGLE = "NEG_RISK", "LADDER", "GAME", "SINGLE"
ALONE = "ALONE"
OF = ["group_id", "ts_valid_from"]
SHAPE = (*OF, "group_kind", "members", "ordered", "thresholds", "not_ordered")


def groups(markets: pl.DataFrame) -> pl.DataFrame:
    """Each group with every membership that it had during a day, from the instant that it was known; its members in their order.

    A market that was in none on the day is one by itself.
    """
    several = of_several(markets)
    return pl.concat([several, of_one(markets, several).select(several.columns)]).sort(OF)


def of_one(markets: pl.DataFrame, several: pl.DataFrame) -> pl.DataFrame:
    """The markets that belong to no other, each as a group, since it was first known."""
    members = several.select(condition_id=pl.col("members").explode(empty_as_null=False)).unique()
    first = markets.sort("ts_valid_from").unique("condition_id", keep="first", maintain_order=True)
    return first.join(members, on="condition_id", how="anti").select(
        "ts_valid_from",
        group_id="condition_id",
        group_kind=pl.lit(SINGLE),
        members=pl.concat_list("condition_id"),
        ordered=pl.lit(value=False),
        thresholds=pl.lit(None, pl.List(pl.Float64)),
        not_ordered=pl.lit(ALONE),
    )


def of_several(markets: pl.DataFrame) -> pl.DataFrame:
    """Groups of two members or more."""
    members = joined(markets)
    is_rung = pl.col("ladder").is_not_null()
    lying = [ordered(members.filter(~is_rung), OF), by_threshold(members.filter(is_rung), OF)]
    has_order = pl.col("not_ordered").is_null()
    return (
        pl.concat(each.select(*OF, "group_kind", "condition_id", "threshold", "not_ordered") for each in lying)
        .group_by(OF, maintain_order=True)
        .agg(pl.col("group_kind").first(), members="condition_id", not_ordered=pl.col("not_ordered").first(), thresholds="threshold")
        .sort(OF)
        .filter((pl.col("members") != pl.col("members").shift(1).over("group_id")).fill_null(value=True), pl.col("members").list.len() > 1)
        .with_columns(
            ordered=has_order,
            thresholds=pl.when(has_order & ~pl.col("thresholds").list.contains(None)).then("thresholds"),
        )
        .select(SHAPE)
    )  # fmt: skip


def joined(markets: pl.DataFrame) -> pl.DataFrame:
    """The members of each group at every instant at which anything was learnt of it, by what was first known of each."""
    named = laddered(markets).with_columns(group_kind=kind(), group_id=group()).filter(pl.col("group_kind").is_not_null())  # fmt: skip
    first = named.sort("ts_valid_from").unique(
        ["group_id", "condition_id"], keep="first", maintain_order=True
    )
    members = first.rename({"ts_valid_from": "joined"}).drop("ts_valid_to")
    return (
        named.select(OF)
        .unique()
        .join(members, on="group_id", how="inner")
        .filter(pl.col("joined") <= pl.col("ts_valid_from"))
    )


def kind() -> pl.Expr:
    """What holds a market to others; most are alone."""
    return (
        pl.when(pl.col("group_id").is_not_null())
        .then(pl.lit(NEG_RISK))
        .when(pl.col("game_id").is_not_null())
        .then(pl.lit(GAME))
        .when(pl.col("group_item").is_not_null() & pl.col("event").is_not_null())
        .then(pl.lit(LADDER))
    )


def group() -> pl.Expr:
    """The group's name: of which one wins, of a game, of the thresholds of an event on one side of a value, or of the rest of an event."""
    return pl.coalesce("group_id", pl.format("game {}", "game_id"), "ladder", pl.format("event {}", "event"))
