"""Whether forecasts and their figures are what they say: asked before the answer, scored by it, and summed without loss."""

import polars as pl

from lakeflow.audit.broken import broken, said

OF = ["segment", "anchor", "horizon_s", "forecaster"]
CLOSE = 1e-9


def was_known_by_its_cutoff(snapshots: pl.LazyFrame) -> pl.LazyFrame:
    """All that a snapshot stands on was known at its cutoff, and its quote is no younger."""
    late = (pl.col("ts_inputs_known") > pl.col("ts_cutoff")) | (
        pl.col("ts_quote") > pl.col("ts_cutoff")
    ).fill_null(value=False)
    return broken(
        snapshots,
        late,
        at=["condition_id", "anchor", "horizon_s"],
        expected=pl.lit("known by ") + said(pl.col("ts_cutoff")),
        found=pl.max_horizontal("ts_inputs_known", "ts_quote"),
    )


def is_asked_before_its_label(scored: pl.LazyFrame) -> pl.LazyFrame:
    """A forecast was asked before anyone knew the label."""
    return broken(
        scored,
        pl.col("ts_cutoff") >= pl.col("ts_label_known"),
        at=["condition_id", "anchor", "horizon_s", "forecaster"],
        expected=pl.lit("a cutoff before ") + said(pl.col("ts_label_known")),
        found=pl.col("ts_cutoff"),
    )


def is_scored_as_it_says(scored: pl.LazyFrame) -> pl.LazyFrame:
    """The Brier score of a row is the square of how far the forecast is from the outcome."""
    told = (pl.col("p") / 1_000_000 - pl.col("y")) ** 2
    return broken(
        scored,
        (pl.col("brier") - told).abs() > CLOSE,
        at=["condition_id", "anchor", "horizon_s", "forecaster"],
        expected=told,
        found=pl.col("brier"),
    )


def adds_up(metrics: pl.LazyFrame) -> pl.LazyFrame:
    """A score is what is miscalibrated, less what is told apart, and what nobody could know: for each score and segment."""
    names = [f"{score}{part}" for score in ("brier", "log_loss") for part in ("", "_mcb", "_dsc", "_unc")]
    parts = (
        metrics.filter(pl.col("metric").is_in(names), pl.col("value").is_not_null())
        .with_columns(
            score=pl.col("metric").str.extract(r"^(brier|log_loss)"),
            part=pl.col("metric").str.extract(r"_(mcb|dsc|unc)$").fill_null("whole"),
        )
        .group_by(*OF, "weighting", "score")
        .agg(
            pl.col("value").filter(pl.col("part") == part).first().alias(part)
            for part in ("whole", "mcb", "dsc", "unc")
        )
    )
    told = pl.col("mcb") - pl.col("dsc") + pl.col("unc")
    return broken(
        parts.sort(*OF, "weighting", "score"),
        (told - pl.col("whole")).abs() > CLOSE,
        at=[*OF, "weighting", "score"],
        expected=told,
        found=pl.col("whole"),
    )


def is_the_mean_of_its_scores(
    metrics: pl.LazyFrame, scored: pl.LazyFrame, recalibrated: pl.LazyFrame, labels: pl.LazyFrame
) -> pl.LazyFrame:
    """The Brier score of a category is the mean over its rows whose label still holds, and it has as many as it says."""
    columns = ["condition_id", "y", "ts_label_known", "category", *OF[1:], "brier"]
    every = pl.concat([scored.select(columns), recalibrated.select(columns)]).filter(
        pl.col("anchor") != "GROUP_END"  # asked for the scores of groups alone
    )
    holds = every.join(labels, on="condition_id", how="inner", suffix="_now").filter(
        (pl.col("y") == pl.col("y_now")) & (pl.col("ts_label_known") == pl.col("ts_known"))
    )
    means = holds.group_by(pl.format("category={}", "category").alias("segment"), *OF[1:]).agg(
        mean=pl.col("brier").mean(), rows=pl.len().cast(pl.Int64)
    )
    told = metrics.filter(
        pl.col("metric") == "brier",
        pl.col("weighting") == "EQUAL",
        pl.col("segment").str.contains(r"^category=\S*$"),
    )
    both = told.join(means, on=OF, how="full", coalesce=True)
    off = (pl.col("value") - pl.col("mean")).abs().fill_null(0.0) > CLOSE  # too few clusters print no value
    return broken(
        both.sort(OF),
        off | pl.col("forecasts").ne_missing(pl.col("rows")),
        at=OF,
        expected=pl.format("{} of {} rows", said(pl.col("mean")), said(pl.col("rows"))),
        found=pl.format("{} of {}", said(pl.col("value")), said(pl.col("forecasts"))),
    )


def never_falls(corp_curves: pl.LazyFrame) -> pl.LazyFrame:
    """An isotonic curve does not fall as forecasts rise."""
    before = pl.col("x").shift(1).over(OF, order_by="p")
    return broken(
        corp_curves.with_columns(before=before),
        (pl.col("x") < pl.col("before") - CLOSE).fill_null(value=False),
        at=[*OF, "p"],
        expected=pl.lit("at least ") + said(pl.col("before")),
        found=pl.col("x"),
    )


def counts_every_forecast(reliability_bins: pl.LazyFrame, metrics: pl.LazyFrame) -> pl.LazyFrame:
    """The bins of a segment hold all of its forecasts."""
    held = reliability_bins.group_by(*OF, "binning").agg(held=pl.col("forecasts").sum())
    told = metrics.filter(pl.col("metric") == "brier", pl.col("weighting") == "EQUAL").select(
        *OF, "forecasts"
    )
    return broken(
        held.join(told, on=OF, how="left").sort(*OF, "binning"),
        pl.col("held").ne_missing(pl.col("forecasts")),
        at=[*OF, "binning"],
        expected=pl.col("forecasts"),
        found=pl.col("held"),
    )
