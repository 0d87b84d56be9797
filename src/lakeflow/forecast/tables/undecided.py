"""Forecasts that no yes or no will answer, of members of groups that are over: their group is told of all the same, without a score.

A market that paid halves, that its sources contradict each other about, or that won beside another one is such a member.
"""

from datetime import date
from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.group_scores import OF
from lakeflow.forecast.tables.scored import embargo, instant_told

NEEDED = ("condition_id", *OF, "forecaster", "p", "y", "dt")
SAID = ("condition_id", *OF[1:], "p")
MADE = (*SAID, "excluded")


class Told(NamedTuple):
    """Where forecasts are found: what waits for its answer, what was scored before it was contradicted, and what a year made, also looking back."""

    waiting: pl.LazyFrame
    scored: pl.DataFrame
    made: pl.LazyFrame


def forecasts(
    told: Told, labels: pl.DataFrame, members: pl.DataFrame, dt: date, embargo_s: int
) -> pl.DataFrame:
    """The forecasts of such members of groups of which an answer came on a day, without an outcome; each once."""
    over = undecided(labels, members, dt)
    if over.is_empty():
        return told.scored.select(NEEDED).clear()
    scored = told.scored.filter(pl.col("forecaster") == "MARKET").lazy()
    places = [told.waiting, scored, told.made.filter(~pl.col("excluded"))]
    found = [rows.select(SAID).join(over.lazy(), on="condition_id", how="inner") for rows in places]
    return (
        pl.concat(found)
        .collect()
        .filter(pl.col("ts_cutoff") < pl.col("told") - embargo(embargo_s), pl.col("p").is_not_null())
        .unique(["condition_id", *OF], keep="first", maintain_order=True)
        .with_columns(
            forecaster=pl.lit("MARKET"), y=pl.lit(None, pl.Int8), dt=pl.lit(dt, told.scored.schema["dt"])
        )
        .select(NEEDED)
    )


def undecided(labels: pl.DataFrame, members: pl.DataFrame, dt: date) -> pl.DataFrame:
    """The members with an answer that is final and no yes or no, their group, and since when anything of that was about."""
    begins, ends = cutoffs.bounds(dt)
    new = labels.filter(pl.col("ts_known").is_between(begins, ends, closed="left"))
    answered = members.join(new, on="condition_id", how="semi").select("group_id").unique()
    final = labels.filter(pl.col("y").is_null(), pl.col("was_sure") | pl.col("conflict"))
    of_them = members.join(answered, on="group_id", how="semi")
    return final.select("condition_id", told=instant_told()).join(of_them, on="condition_id", how="inner")
