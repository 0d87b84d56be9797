"""Snapshots without the sum of their group although every member has a price: a share that is kept back hides what a group costs."""

import polars as pl

from lakeflow.forecast.tables.asked_again import TOLD
from lakeflow.forecast.tables.followed_up import ENDS
from lakeflow.forecast.tables.last_words import Said
from lakeflow.forecast.tables.members import AT, of_groups
from lakeflow.forecast.tables.sourced import priced


def unsummed(shot: pl.DataFrame, markets: pl.DataFrame, labels: pl.DataFrame, said: Said) -> pl.DataFrame:
    """Priced members without a sum of a group of which all that are still asked have a price by the sources.

    Where something of a member's answer was about and nobody was sure of it there may be none, and nothing is said of that group.
    """
    rows = shot.filter(pl.col("group_sum").is_null() | pl.col("p_norm").is_null(), pl.col("p").is_not_null())
    ends = pl.min_horizontal(ENDS)
    answers = labels.select(
        "condition_id", end=ends, sure=pl.when(pl.col("was_sure") & ~pl.col("conflict")).then("ts_known")
    )
    members = of_groups(rows, markets).join(answers, on="condition_id", how="left")
    status = pl.col("resolution_status").fill_null("").is_in(TOLD)
    over = pl.col("closed").fill_null(value=False) | status | by_then("end")
    doubted = members.filter(over & ~by_then("sure")).select(AT)
    still = members.filter(~over).join(doubted, on=AT, how="anti")
    whole = (
        priced(still, said)
        .group_by(AT)
        .agg(is_whole=(pl.col("least").fill_null(0) > 0).all() & (pl.len() > 1))
        .filter("is_whole")
    )
    return rows.join(whole, on=AT, how="semi", maintain_order="left")


def by_then(instant: str) -> pl.Expr:
    return (pl.col(instant) <= pl.col("ts_cutoff")).fill_null(value=False)
