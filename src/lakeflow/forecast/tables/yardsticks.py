"""What skill is measured against: always saying the share of yes among the labels of a segment that were known before, of other clusters."""

from typing import Any

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.scored import KEY
from lakeflow.forecast.tables.segments import OF, segments

FORECASTER = "MARKET"  # who forecasts wherever anybody does
ANCHORS = (cutoffs.SCHED_END, cutoffs.OPEN_PLUS, cutoffs.CALENDAR)
ON = KEY[:4]
SHAPE: dict[str, Any] = {
    "segment": pl.String(), "condition_id": pl.String(), "anchor": pl.String(), "horizon_s": pl.Int64(), "ts_cutoff": cutoffs.TIME,
    "cluster_id": pl.String(), "labels": pl.Int64(), "yes": pl.Int64(), "rate": pl.Float64(),
}  # fmt: skip


def yardsticks(today: pl.DataFrame, past: pl.DataFrame, *, with_up_down: bool = False) -> pl.DataFrame:
    """A row for each of a day's forecasts and segment that it is in: how many labels one could have known at its cutoff, and how many said yes."""
    every = pl.concat([asked(today).with_columns(is_new=True), asked(past).with_columns(is_new=False)])
    made = [
        known(segment.rows).with_columns(segment=pl.lit(segment.name))
        for segment in segments(every, with_up_down=with_up_down)
        if segment.rows["is_new"].any()
    ]
    empty = pl.DataFrame(schema=SHAPE)
    return pl.concat(
        [empty, *(rows.select(pl.col(name).cast(dtype) for name, dtype in SHAPE.items()) for rows in made)]
    ).sort("segment", *ON)


def asked(scored: pl.DataFrame) -> pl.DataFrame:
    """The forecasts that a yardstick is for: one of each cutoff, of the anchors that nobody needs to look ahead for."""
    honest = pl.col("anchor").is_in(ANCHORS) & (pl.col("forecaster") == FORECASTER)
    return scored.filter(honest).select(
        *ON, "forecaster", "cluster_id", "y", "category", "liquidity_bucket", "tte_bucket", "ts_label_known"
    )


def known(rows: pl.DataFrame) -> pl.DataFrame:
    """The new rows of a segment, with the labels of other clusters before their cutoffs; a market has one label, and one half stands for none."""
    labels = rows.unique("condition_id", keep="first", maintain_order=True)
    new = rows.filter("is_new")
    found = counted(counted(new, labels, "all"), labels, "own", "cluster_id").with_columns(
        labels=pl.col("labels_all") - pl.col("labels_own"), yes=pl.col("yes_all") - pl.col("yes_own")
    )
    return found.with_columns(
        rate=pl.when(pl.col("labels") > 0).then(pl.col("yes") / pl.col("labels")).otherwise(0.5)
    )


def counted(rows: pl.DataFrame, labels: pl.DataFrame, whose: str, by: str | None = None) -> pl.DataFrame:
    """Forecasts with how many labels were known before their cutoff, and how many of these are yes: of all, or of each of `by`."""
    count, yes = pl.int_range(1, pl.len() + 1), pl.col("y").cast(pl.Int64).cum_sum()
    counts = (
        labels.sort("ts_label_known")
        .with_columns((each.over(by) if by else each).alias(f"{name}_{whose}") for name, each in (("labels", count), ("yes", yes)))
        .select(*([by] if by else []), f"labels_{whose}", f"yes_{whose}", ts_known="ts_label_known")
    )  # fmt: skip
    found = rows.sort("ts_cutoff", maintain_order=True).join_asof(
        counts, left_on="ts_cutoff", right_on="ts_known", by=by, strategy="backward", allow_exact_matches=False, check_sortedness=False,
    )  # fmt: skip
    return found.with_columns(pl.col(f"labels_{whose}", f"yes_{whose}").fill_null(0)).drop(
        "ts_known", strict=False
    )


def references(scored: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The Brier score of the yardsticks of each segment's forecasts, as `brier_reference`."""
    rows = scored.select(*ON, "forecaster", "y").join(held.select("segment", *ON, "rate"), on=ON, how="inner")
    error = (pl.col("rate") - pl.col("y")) ** 2
    return (
        rows.sort(*OF, "condition_id", "ts_cutoff")
        .group_by(list(OF), maintain_order=True)
        .agg(brier_reference=error.mean())
    )
