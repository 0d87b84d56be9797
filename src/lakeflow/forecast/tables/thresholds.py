"""Ladders of thresholds (where a price ends, above 100k, above 110k ...) as one question: what their prices say of it, against where it did."""

from datetime import date

import polars as pl

from lakeflow.forecast import ladder
from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.group_scores import INCOMPLETE, OF, OK, SCORES, graded, listed
from lakeflow.forecast.tables.ladders import by_threshold, laddered

CONTRADICTED, NOT_ORDERED = "CONTRADICTED", "NOT_ORDERED"


def ladder_scores(
    scored: pl.DataFrame, labels: pl.DataFrame, markets: pl.DataFrame, dt: date, seed: int, embargo_s: int
) -> pl.DataFrame:  # fmt: skip
    """Ladders whose last answer became known on a day, once, by the forecasts `on_ladders`; rungs of which anything was known by the cutoff or soon after are none."""
    begins, ends = cutoffs.bounds(dt)
    rungs = standing(markets)
    new = labels.filter(pl.col("ts_known").is_between(begins, ends, closed="left"))
    answered = rungs.join(new, on="condition_id", how="semi").select(group_id="member_of").unique()
    asked = upwards(scored.join(answered, on="group_id", how="semi"))
    rows = (
        asked.join(
            listed(asked.select(OF).unique(), rungs, labels, embargo_s),
            on=OF, how="inner", maintain_order="left",
        )
        .filter("ended", pl.col("listed") > 1, pl.col("ts_last").is_between(begins, ends, closed="left"))
        .with_columns(ordered=pl.col("not_ordered").is_null(), status=told())
    )  # fmt: skip
    good = rows.filter(pl.col("status") == OK)
    return (
        rows.join(graded(between(good), seed), on=OF, how="left")
        .select(*OF, "k", "overround", "ordered", "not_ordered", "status", *SCORES, ts_label_known="ts_last")
        .sort(OF)
    )


def standing(markets: pl.DataFrame) -> pl.DataFrame:
    """The rungs of each ladder: markets of one event that end together and ask whether one value is above, or below, numbers of their own."""
    last = markets.sort("ts_valid_from").unique("condition_id", keep="last", maintain_order=True)
    rungs = laddered(last).filter(pl.col("ladder").is_not_null()).with_columns(is_yes=is_yes())
    return (
        by_threshold(rungs.filter(pl.col("is_yes").is_not_null()), ["ladder"])
        .filter(pl.len().over("ladder") > 1)
        .select(
            "condition_id", "ts_created", "threshold", "not_ordered", member_of="ladder", upside=pl.col("is_above") == pl.col("is_yes"),
            is_waiting=~pl.col("active").fill_null(value=True) & ~pl.col("closed").fill_null(value=False),
        )
    )  # fmt: skip


def is_yes() -> pl.Expr:
    """Whether forecasts, which are of outcome 0, are of yes; null where the outcomes are other words."""
    first = pl.col("outcomes").list.first().str.to_lowercase()
    return pl.when(first.is_in(["yes", "no"])).then(first == "yes")


def on_ladders(scored: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Forecasts of rungs, their ladder being their group."""
    rungs = standing(markets).select(
        "condition_id", "threshold", "upside", "not_ordered", group_id="member_of"
    )
    return scored.drop("group_id").join(rungs, on="condition_id", how="inner", maintain_order="left")


def upwards(rungs: pl.DataFrame) -> pl.DataFrame:
    """A row a ladder and cutoff: the prices of ending above each threshold, ascending, and how many were."""
    up = pl.col("upside").fill_null(value=True)
    rows = (
        rungs.filter(pl.col("forecaster") == "MARKET")
        .with_columns(
            p=pl.when(up).then("p").otherwise(WHOLE - pl.col("p")),
            y=pl.when(up).then("y").otherwise(1 - pl.col("y")),
        )
        .unique(["condition_id", *OF], keep="first", maintain_order=True)
        .sort(*OF, "threshold")
    )
    return rows.group_by(OF, maintain_order=True).agg(
        k=pl.len().cast(pl.Int64), answers=pl.col("y").count().cast(pl.Int64), overround=pl.col("p").sum(), p=pl.col("p"), winner=pl.col("y").sum().cast(pl.Int64),
        not_ordered=pl.col("not_ordered").first(), falls=(pl.col("y").cast(pl.Int64).diff().fill_null(0) <= 0).all(),
    )  # fmt: skip


def told() -> pl.Expr:
    """What is no ladder for sure has no score; a rung without a score leaves the ladder incomplete; a value above a threshold is above every lower one."""
    return (
        pl.when(pl.col("not_ordered").is_not_null()).then(pl.lit(NOT_ORDERED))
        .when(pl.col("answers") < pl.col("listed")).then(pl.lit(INCOMPLETE))
        .when(~pl.col("falls")).then(pl.lit(CONTRADICTED))
        .otherwise(pl.lit(OK))
    )  # fmt: skip


def between(good: pl.DataFrame) -> pl.DataFrame:
    """The chances of the intervals between the thresholds, one more than there are; the value ended in that after the rungs below it."""
    chances = [(ladder.rungs([p / WHOLE for p in prices]) * WHOLE).tolist() for prices in good["p"]]
    return good.with_columns(p=pl.Series(chances, dtype=pl.List(pl.Float64)), k=pl.col("k") + 1)
