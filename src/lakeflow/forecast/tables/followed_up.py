"""What becomes of each forecast that has no answer when a day begins: scored, left out or waiting, by its label and no code of what is held against it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables.costed_again import SAYS
from lakeflow.forecast.tables.cutoffs import CLOSE_EXPOST, bounds

KEY = ["condition_id", "anchor", "horizon_s", "ts_cutoff"]
ABOUT = ["cluster_id", "group_id", "category", "liquidity_bucket", "p_kind"]
CARRIED = [*KEY, *SAYS.values(), "volume_24h", "tte_s", *ABOUT]
COUNTED = ["anchor", "horizon_s", "category", "reason"]
YES_NO, OVER = ("RESOLVED_TRUE", "RESOLVED_FALSE"), ("RESOLVED_TRUE", "RESOLVED_FALSE", "SPLIT_5050", "VOID")
ENDS = ("ts_proposed", "ts_resolved", "ts_closed", "ts_told", "ts_known")
TIME = pl.Datetime("ns", "UTC")


class Followed(NamedTuple):
    """The forecasts that a day begins with or makes, each with what its label makes of it."""

    rows: pl.DataFrame  # is_scored, waits, and `why` it scores nothing

    @property
    def scored(self) -> pl.DataFrame:
        return self.rows.filter("is_scored")


def followed(
    waited: pl.DataFrame, made: Sequence[pl.DataFrame], labels: pl.DataFrame, dt: date, embargo_s: int
) -> Followed:
    """Those that waited when the day began and those that it made (at its cutoffs, and looking back), by the labels of its end."""
    new = [each.filter(~pl.col("excluded")) for each in made]
    every = pl.concat([rows.select(CARRIED) for rows in (waited, *new)])
    said = labels.select(
        "condition_id", "label_status", "y", "confidence", "ts_known", first=pl.min_horizontal(ENDS)
    )
    rows = every.unique(KEY, keep="first", maintain_order=True).join(said, on="condition_id", how="left")
    begins, ends = (pl.lit(each, TIME) for each in bounds(dt))
    known, doubted = pl.col("ts_known") < ends, pl.col("confidence") == "LOW"
    sure = pl.col("label_status").is_in(OVER) & ~doubted.fill_null(value=False) & known
    why = reason(timedelta(seconds=embargo_s))
    told_now = (known & (pl.col("ts_known") >= begins)) | sure
    return Followed(
        rows.with_columns(sure=sure.fill_null(value=False), told=told_now.fill_null(value=False), why=why)
        .with_columns(is_scored=pl.col("sure") & pl.col("why").is_null(), waits=~pl.col("sure"))
        .with_columns(why=pl.when("told").then("why"))
    )


def reason(embargo: timedelta) -> pl.Expr:
    """Why a label scores nothing: it says no yes or no, is in doubt, or was about when the forecast was made."""
    status = pl.col("label_status")
    wait = pl.when(pl.col("anchor") == CLOSE_EXPOST).then(timedelta()).otherwise(embargo)
    late = pl.col("first") - wait <= pl.col("ts_cutoff")
    return (
        pl.when(~status.is_in(YES_NO)).then(status)
        .when(pl.col("y").is_null()).then(pl.lit("CONFLICT"))
        .when(pl.col("confidence") == "LOW").then(pl.lit("LOW_CONFIDENCE"))
        .when(late).then(pl.lit("EMBARGO"))
    )  # fmt: skip


def unlike(rows: pl.DataFrame, of: Followed) -> pl.DataFrame:
    """Scores that say of their market another cluster, group, category, bucket or kind of price than their forecast did."""
    said = of.rows.select(*KEY, *ABOUT)
    return rows.join(said, on=said.columns, how="anti", nulls_equal=True, maintain_order="left")


def unweighed(again: pl.DataFrame, scored: pl.DataFrame) -> pl.DataFrame:
    """Recalibrated forecasts whose dollars or time to the end are not those of the market's own."""
    of = [*KEY, "weight_volume", "weight_cap", "tte_s", "tte_bucket"]
    market = scored.filter(pl.col("forecaster") == "MARKET").select(of)
    return again.join(market, on=of, how="anti", nulls_equal=True, maintain_order="left")


def miscounted(rows: pl.DataFrame) -> pl.DataFrame:
    """Scores that are there twice, or count for another number than one."""
    one = pl.struct(*KEY, "forecaster").is_unique()
    return rows.filter(~(one & (pl.col("weight_equal") == 1)).fill_null(value=False))


def missing(scored: pl.DataFrame, of: Followed) -> pl.DataFrame:
    """Scores that are not there or should not be: of each forecaster whose price the forecast has, at that price."""
    due = [
        of.scored.filter(pl.col(column).is_not_null()).select(*KEY, forecaster=pl.lit(name), p=column)
        for name, column in SAYS.items()
    ]
    return apart(pl.concat(due), scored.select(*KEY, "forecaster", "p"))


def astray(waiting: pl.DataFrame, of: Followed) -> pl.DataFrame:
    """Forecasts that should wait on and do not, or not as they were made; and those that wait though they need not, or were never made."""
    return apart(of.rows.filter("waits").select(CARRIED), waiting.select(CARRIED))


def apart(due: pl.DataFrame, there: pl.DataFrame) -> pl.DataFrame:
    """The rows of either that are not in the other."""
    pairs = (due, there), (there, due)
    return pl.concat(one.join(two, on=due.columns, how="anti", nulls_equal=True) for one, two in pairs)


def misnamed(unscored: pl.DataFrame, of: Followed) -> pl.DataFrame:
    """Counts of what scores nothing that are not those of the forecasts whose answer came and says why."""
    lost = of.rows.filter(pl.col("why").is_not_null(), pl.col("anchor") != CLOSE_EXPOST)
    named = lost.with_columns(pl.col("category").fill_null("other"), reason="why")
    there = named.group_by(COUNTED).agg(there=pl.col("condition_id").n_unique().cast(pl.Int64))
    both = unscored.join(there, on=COUNTED, how="full", coalesce=True)
    return both.filter(pl.col("markets").ne_missing(pl.col("there")))
