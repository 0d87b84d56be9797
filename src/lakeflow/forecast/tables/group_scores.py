"""Scores of groups of which one market wins: their prices brought to one, against the one that did."""

from datetime import date

import numpy as np
import polars as pl

from lakeflow.forecast import ladder
from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.labels import FALSE, TRUE

OK, NO_WINNER, TWO_WINNERS, INCOMPLETE = "OK", "NO_WINNER", "TWO_WINNERS", "INCOMPLETE"
OF = ["group_id", "anchor", "horizon_s", "ts_cutoff"]
SCORES = ("multi_brier", "log_score", "rps", "rps_norm", "pit")


def group_scores(
    scored: pl.DataFrame, labels: pl.DataFrame, markets: pl.DataFrame, dt: date, seed: int
) -> pl.DataFrame:
    """Groups whose last label came on a day; one without a single winner has no score, its members keep theirs."""
    begins, ends = cutoffs.bounds(dt)
    rows = scored.filter(pl.col("forecaster") == "MARKET", pl.col("group_id").is_not_null())
    places, asked = order(markets), rows.select(OF).unique()
    members = (
        rows.unique(["condition_id", *OF], keep="first", maintain_order=True)
        .join(places, on="condition_id", how="left")
        .sort(*OF, "place", "condition_id", nulls_last=True)
    )
    held = members.group_by(OF, maintain_order=True).agg(
        k=pl.len().cast(pl.Int64), overround=pl.col("p").sum(), winners=pl.col("y").sum().cast(pl.Int64),
        winner=pl.col("y").arg_max().cast(pl.Int64), ordered=pl.col("ordered").all(), p=pl.col("p"), ts_last=pl.col("ts_label_known").max(),
    )  # fmt: skip
    new = (
        held.join(listed(asked, places, labels), on=OF, how="left")
        .with_columns(ts_last=pl.max_horizontal("ts_last", "ts_won"))
        .filter(pl.col("ts_last").is_between(begins, ends, closed="left"))
        .with_columns(status=standing())
    )
    good = new.filter((pl.col("status") == OK) & (pl.col("overround") > 0))
    return (
        new.join(graded(good, seed), on=OF, how="left")
        .with_columns(pl.when("ordered").then(name).alias(name) for name in ("rps", "rps_norm", "pit"))
        .select(*OF, "k", "overround", "ordered", "status", *SCORES, ts_label_known="ts_last")
        .sort(OF)
    )


def order(markets: pl.DataFrame) -> pl.DataFrame:
    """Each member's place in its group; a group is a ladder where every member names a number."""
    last = (
        markets.filter(pl.col("group_id").is_not_null())
        .sort("ts_valid_from")
        .unique("condition_id", keep="last", maintain_order=True)
    )
    return last.select(
        "condition_id",
        place=pl.col("group_place").cast(pl.Float64, strict=False),
        ordered=pl.col("group_item").fill_null("").str.contains(r"\d").all().over("group_id"),
        member_of="group_id",
        ts_created="ts_created",
        is_waiting=~pl.col("active").fill_null(value=True) & ~pl.col("closed").fill_null(value=False),
    )


def listed(asked: pl.DataFrame, members: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """How many members each group had at each cutoff, and how they ended, scored or not.

    One that came later is no member, nor is a place kept for somebody.
    """
    ended = labels.select("condition_id", "label_status", "ts_known")
    there = asked.join(members, left_on="group_id", right_on="member_of", how="inner").filter(
        ~pl.col("is_waiting"), (pl.col("ts_created") <= pl.col("ts_cutoff")).fill_null(value=True)
    )
    won, lost = pl.col("label_status") == TRUE, pl.col("label_status") == FALSE
    return (
        there.join(ended, on="condition_id", how="left")
        .group_by(OF)
        .agg(
            listed=pl.len().cast(pl.Int64),
            won=won.sum().cast(pl.Int64),
            lost=lost.sum().cast(pl.Int64),
            ts_won=pl.col("ts_known").filter(won & (won.sum() > 1)).max(),
        )
    )


def standing() -> pl.Expr:
    """What a group came to. Two winners contradict each other, so neither has a label or a score: the labels' status tells them."""
    return (
        pl.when((pl.col("winners") > 1) | (pl.col("won") > 1)).then(pl.lit(TWO_WINNERS))
        .when(pl.col("lost") == pl.col("listed")).then(pl.lit(NO_WINNER))
        .when(pl.col("k") < pl.col("listed")).then(pl.lit(INCOMPLETE)).when(pl.col("winners") == 0).then(pl.lit(NO_WINNER))
        .otherwise(pl.lit(OK))
    )  # fmt: skip


def graded(good: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The scores of groups with one winner."""
    sizes = good["k"].to_numpy()
    starts = np.cumsum(sizes) - sizes
    chances = good.explode("p", empty_as_null=True, keep_nulls=True)["p"].to_numpy() / WHOLE
    each = ladder.groups(chances, starts, good["winner"].to_numpy())
    values = (
        ladder.multi_brier(each),
        ladder.log_score(each),
        ladder.rps(each),
        ladder.rps_normalised(each),
        ladder.pit(each, seed),
    )
    return good.select(OF).with_columns(
        pl.Series(name, value, dtype=pl.Float64) for name, value in zip(SCORES, values, strict=True)
    )
