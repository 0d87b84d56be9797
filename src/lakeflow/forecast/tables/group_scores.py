"""Scores of groups of which one market wins: their prices brought to one, against the one that did."""

from datetime import date

import numpy as np
import polars as pl

from lakeflow.forecast import ladder
from lakeflow.forecast.tables import cutoffs, scales
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.labels import FALSE, SPLIT, TRUE, VOID
from lakeflow.forecast.tables.scored import embargo, instant_told

OK, NO_WINNER, TWO_WINNERS, INCOMPLETE = "OK", "NO_WINNER", "TWO_WINNERS", "INCOMPLETE"
OF = ["group_id", "anchor", "horizon_s", "ts_cutoff"]
WITHOUT = (FALSE, SPLIT, VOID)  # how a member ends that did not win
SCORES = ("multi_brier", "log_score", "rps", "rps_norm", "pit")


def group_scores(
    scored: pl.DataFrame, labels: pl.DataFrame, markets: pl.DataFrame, dt: date, seed: int, embargo_s: int
) -> pl.DataFrame:  # fmt: skip
    """Groups whose last answer became known on a day, once; one without a single winner has no score, its members keep theirs."""
    begins, ends = cutoffs.bounds(dt)
    places = named(markets)
    answered = places.join(labels.filter(pl.col("ts_known").is_between(begins, ends, closed="left")), on="condition_id", how="semi")  # fmt: skip
    rows = scored.filter(
        pl.col("forecaster") == "MARKET", pl.col("group_id").is_in(answered["member_of"].unique().implode())
    )
    members = (
        rows.unique(["condition_id", *OF], keep="first", maintain_order=True)
        .join(places, on="condition_id", how="left")
        .pipe(scales.ordered, OF)
    )
    held = members.group_by(OF, maintain_order=True).agg(
        k=pl.len().cast(pl.Int64), answers=pl.col("y").count().cast(pl.Int64), overround=pl.col("p").sum(), winners=pl.col("y").sum().cast(pl.Int64),
        winner=pl.col("y").arg_max().cast(pl.Int64), not_ordered=pl.col("not_ordered").first(), p=pl.col("p"),
    )  # fmt: skip
    new = (
        held.join(
            listed(rows.select(OF).unique(), places, labels, embargo_s),
            on=OF,
            how="inner",
            maintain_order="left",
        )
        .filter("ended", ~pl.col("decided"), pl.col("ts_last").is_between(begins, ends, closed="left"))
        .with_columns(status=standing(), ordered=pl.col("not_ordered").is_null())
    )
    good = new.filter((pl.col("status") == OK) & (pl.col("overround") > 0))
    return (
        new.join(graded(good, seed), on=OF, how="left")
        .with_columns(pl.when("ordered").then(name).alias(name) for name in ("rps", "rps_norm", "pit"))
        .select(*OF, "k", "overround", "ordered", "not_ordered", "status", *SCORES, ts_label_known="ts_last")
        .sort(OF)
    )


def named(markets: pl.DataFrame) -> pl.DataFrame:
    """Members of groups with what their names and places say of a scale."""
    last = (
        markets.filter(pl.col("group_id").is_not_null())
        .sort("ts_valid_from")
        .unique("condition_id", keep="last", maintain_order=True)
    )
    return scales.named(last).select(
        "condition_id", "ts_created", *scales.SAID, member_of="group_id",
        is_waiting=~pl.col("active").fill_null(value=True) & ~pl.col("closed").fill_null(value=False),
    )  # fmt: skip


def listed(asked: pl.DataFrame, members: pl.DataFrame, labels: pl.DataFrame, embargo_s: int) -> pl.DataFrame:
    """How many members each group had at each cutoff of which nothing was known, how all of them ended, and when the last did.

    One that came later is no member, nor is a place kept for somebody. One whose answer was about, as an embargo counts it, is none any
    more; where that was the winner, or one is left alone, the group was decided.
    """
    said = labels.select(
        "condition_id", "label_status", "conflict", "ts_known", told=instant_told(), is_final=pl.col("was_sure") | pl.col("conflict")
    )  # fmt: skip
    there = asked.join(members, left_on="group_id", right_on="member_of", how="inner").filter(
        ~pl.col("is_waiting"), (pl.col("ts_created") <= pl.col("ts_cutoff")).fill_null(value=True)
    )
    is_out = (pl.col("ts_cutoff") >= pl.col("told") - embargo(embargo_s)).fill_null(value=False)
    won, none = pl.col("label_status") == TRUE, pl.col("label_status").is_in(WITHOUT) & ~pl.col("conflict")
    return (
        there.join(said, on="condition_id", how="left")
        .group_by(OF)
        .agg(
            listed=(~is_out).sum().cast(pl.Int64),
            won=won.sum().cast(pl.Int64),
            none_won=none.fill_null(value=False).all(),
            decided=(won.sum() <= 1) & ((won & is_out).any() | ((~is_out).sum() <= 1)),
            ended=pl.col("is_final").fill_null(value=False).all(),
            ts_last=pl.col("ts_known").max(),
        )
    )


def standing() -> pl.Expr:
    """What a group came to. Two winners contradict each other, so neither has a label or a score: the labels' status tells them.

    Halves for all, as of a question that was cancelled, are no winner. A member that nobody can say yes or no of leaves the others incomplete.
    """
    return (
        pl.when((pl.col("winners") > 1) | (pl.col("won") > 1)).then(pl.lit(TWO_WINNERS))
        .when("none_won").then(pl.lit(NO_WINNER))
        .when(pl.col("answers") < pl.col("listed")).then(pl.lit(INCOMPLETE)).when(pl.col("winners") == 0).then(pl.lit(NO_WINNER))
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
