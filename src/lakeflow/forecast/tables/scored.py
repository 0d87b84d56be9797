"""Forecasts with their outcomes: what was said of markets whose label became known, one row a forecaster."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from lakeflow.forecast import scores
from lakeflow.forecast.tables import cutoffs, time_left
from lakeflow.forecast.tables.categories import OTHER
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.labels import LOW, RESOLVED, SPLIT, VOID
from lakeflow.forecast.tables.time_left import BORDERS_S

FORECASTERS = {"MARKET": "p", "BID": "bid", "ASK": "ask", "LAST": "last_price", "NORM": "p_norm"}
EMBARGO, CONFLICT, LOW_CONFIDENCE = "EMBARGO", "CONFLICT", "LOW_CONFIDENCE"
KEY = ("condition_id", "anchor", "horizon_s", "ts_cutoff", "forecaster")
SHAPE = {
    "condition_id": pl.String(), "anchor": pl.String(), "horizon_s": pl.Int64(), "ts_cutoff": cutoffs.TIME, "forecaster": pl.String(),
    "p": pl.Int64(), "y": pl.Int8(), "brier": pl.Float64(), "log_loss": pl.Float64(), "cluster_id": pl.String(), "group_id": pl.String(),
    "category": pl.String(), "liquidity_bucket": pl.String(), "p_kind": pl.String(), "ts_label_known": cutoffs.TIME,
    "weight_equal": pl.Float64(), "weight_volume": pl.Float64(), "tte_s": pl.Int64(), "tte_bucket": pl.String(),
    "weight_cap": pl.Float64(),
}  # fmt: skip
UNSAID = (
    "tte_s",
    "tte_bucket",
    "weight_cap",
)  # a venue that schedules no end, or has no dollars, says none of these


def scored(
    waiting: pl.DataFrame, labels: pl.DataFrame, dt: date, embargo_s: int, *, tte_borders_s: Sequence[int] = BORDERS_S
) -> pl.DataFrame:  # fmt: skip
    """The waiting forecasts that a day's labels score; what was asked when the answer was already about is left out."""
    rows = (
        answered(waiting, labels, dt, embargo_s)
        .filter(pl.col("unscored").is_null())
        .with_columns(
            weight_equal=pl.lit(1.0),
            weight_volume=pl.col("volume_24h").fill_null(0) / WHOLE,
            tte_bucket=time_left.bucket(pl.col("tte_s"), tte_borders_s),
        )
    )
    forecasts = [
        rows.filter(pl.col(column).is_not_null()).with_columns(forecaster=pl.lit(name), p=pl.col(column))
        for name, column in FORECASTERS.items()
    ]
    return pl.concat([costed(each) for each in forecasts]).sort(KEY)


def unscored(waiting: pl.DataFrame, labels: pl.DataFrame, dt: date, embargo_s: int) -> pl.DataFrame:
    """How many forecasts that were taken score nothing, by why, of the markets whose answer became known on a day."""
    of = ("anchor", "horizon_s", "category", "reason")
    taken = waiting.filter(pl.col("anchor") != cutoffs.CLOSE_EXPOST)
    lost = answered(taken, labels, dt, embargo_s).filter(pl.col("unscored").is_not_null())
    return (
        lost.with_columns(pl.col("category").fill_null(OTHER), reason="unscored")
        .group_by(of)
        .agg(markets=pl.col("condition_id").n_unique().cast(pl.Int64))
        .sort(of)
    )


def answered(waiting: pl.DataFrame, labels: pl.DataFrame, dt: date, embargo_s: int) -> pl.DataFrame:
    """The forecasts that are answered on a day, each with why it scores nothing; null where it does.

    An answer that was known before is new to a forecast that came after it, such as one before a close that was listed late.
    """
    begins, ends = cutoffs.bounds(dt)
    known = labels.filter(pl.col("ts_known") < ends, (pl.col("ts_known") >= begins) | is_sure())
    new = known.select(
        "condition_id", "y", ts_label_known="ts_known", ts_told=instant_told(), unscored=no_answer()
    )
    late = pl.col("ts_cutoff") >= pl.col("ts_told") - embargo(embargo_s)
    rows = waiting.join(new, on="condition_id", how="inner")
    return rows.with_columns(unscored=pl.coalesce("unscored", pl.when(late).then(pl.lit(EMBARGO))))


def is_sure() -> pl.Expr:
    """Whether an answer is one that no later word is waited for."""
    return pl.col("label_status").is_in([*RESOLVED, SPLIT, VOID]) & pl.col("confidence").ne_missing(LOW)


def instant_told() -> pl.Expr:
    """Since when anything of an answer was about, whoever told it."""
    return pl.min_horizontal("ts_proposed", "ts_resolved", "ts_closed", "ts_told", "ts_known")


def no_answer() -> pl.Expr:
    """Why a label is no yes or no to score by."""
    status = pl.col("label_status")
    return (
        pl.when(~status.is_in(RESOLVED)).then(status).when(pl.col("y").is_null()).then(pl.lit(CONFLICT))
        .when(pl.col("confidence").eq_missing(LOW)).then(pl.lit(LOW_CONFIDENCE))
    )  # fmt: skip


def embargo(seconds: int) -> pl.Expr:
    """How long before anything was told a forecast no longer counts; none for the anchor that looks ahead, or it had no last hour."""
    ahead = pl.col("anchor") == cutoffs.CLOSE_EXPOST
    return pl.duration(seconds=pl.when(ahead).then(0).otherwise(seconds), time_unit="ns")


def holding(scored: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """The rows of earlier days whose label still says what they were scored by; one that was contradicted since counts nowhere."""
    now = labels.filter(pl.col("y").is_not_null(), pl.col("confidence") != LOW)
    on = {"condition_id": "condition_id", "y": "y", "ts_label_known": "ts_known"}
    return scored.join(now, left_on=list(on), right_on=list(on.values()), how="semi", maintain_order="left")


def costed(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with what each forecast costs."""
    p, y = (rows["p"] / WHOLE).to_numpy(), rows["y"].to_numpy()
    brier = np.where(y == 1, scores.quadratic(p, 1.0), scores.quadratic(p, 0.0))
    loss = np.where(y == 1, scores.logarithmic(p, 1.0), scores.logarithmic(p, 0.0))
    unsaid = {name: pl.lit(None) for name in UNSAID if name not in rows.columns}
    return rows.with_columns(brier=pl.Series(brier), log_loss=pl.Series(loss), **unsaid).select(
        pl.col(name).cast(dtype) for name, dtype in SHAPE.items()
    )
