"""Scoreboards: how good each segment was forecast, against what was known then, and what a wrong anchor would say."""

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.measured import FEWEST_TO_RANK
from lakeflow.forecast.tables.segments import ALL, EQUAL, VOLUME, kind
from lakeflow.forecast.tables.yardsticks import references

OF = ["segment", "anchor", "horizon_s", "forecaster"]
SHOWN = ("brier", "log_loss", "ece_width10", "cox_slope", "auc", "brier_mcb", "brier_dsc")


def by_segment(metrics: pl.DataFrame, scored: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """A row a segment, against the yardsticks that its forecasts are `held` to; the bias meter is what anchoring on the actual close would add to its error and its slope."""
    equal = metrics.filter(pl.col("weighting") == EQUAL)
    wide = equal.filter(pl.col("metric").is_in(SHOWN)).pivot(
        on="metric", index=OF, values="value", aggregate_function="first"
    )
    board = wide.with_columns(
        pl.lit(None, pl.Float64).alias(name) for name in SHOWN if name not in wide.columns
    )
    brier = equal.filter(pl.col("metric") == "brier").select(
        *OF,
        "status",
        "forecasts",
        "markets",
        "clusters",
        "n_eff",
        "base_rate",
        "label_window",
        brier_lo="ci_lo",
        brier_hi="ci_hi",
    )
    dollars = metrics.filter(pl.col("weighting") == VOLUME, pl.col("metric") == "brier").select(
        *OF, brier_volume="value", n_eff_volume="n_eff"
    )
    rows = brier.join(board.select(*OF, *SHOWN), on=OF, how="left").join(
        references(scored, held), on=OF, how="left"
    )
    rankable = (pl.col("clusters") >= FEWEST_TO_RANK) & pl.col("brier").is_not_null()
    ranked = rankable & (pl.col("segment") != ALL)
    skill = pl.when((pl.col("brier_reference") > 0) & pl.col("brier").is_not_null()).then(
        1 - pl.col("brier") / pl.col("brier_reference")
    )
    return (
        rows.with_columns(brier_skill=skill)
        .join(meter(rows), on=OF, how="left")
        .filter(pl.col("anchor") != cutoffs.CLOSE_EXPOST)
        .with_columns(
            rank=pl.when(ranked)
            .then(pl.when(ranked).then("brier_skill").rank("min", descending=True).over(kind(), *OF[1:]))
            .cast(pl.Int64)
        )
        .join(dollars, on=OF, how="left")
        .sort(OF)
    )


def meter(rows: pl.DataFrame) -> pl.DataFrame:
    """Error and slope under the anchor that looks ahead, less those under the honest one before the scheduled end, whose rows alone have it."""
    on = ["segment", "horizon_s", "forecaster"]
    honest = rows.filter(pl.col("anchor") == cutoffs.SCHED_END).select(*OF, "ece_width10", "cox_slope")
    ahead = rows.filter(pl.col("anchor") == cutoffs.CLOSE_EXPOST).select(
        *on, ahead_ece="ece_width10", ahead_slope="cox_slope"
    )
    both = honest.join(ahead, on=on, how="inner")
    return both.select(
        *OF,
        bias_meter_ece=pl.col("ahead_ece") - pl.col("ece_width10"),
        bias_meter_slope=pl.col("ahead_slope") - pl.col("cox_slope"),
    )
