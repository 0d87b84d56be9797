"""Rows that a rule against looking ahead forbids by what they were fitted on: yardsticks, caps of weights and buckets of the time to the end."""

from collections.abc import Sequence

import polars as pl

from lakeflow.forecast.tables import cutoffs, time_left
from lakeflow.forecast.tables.categories import UP_DOWN
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.yardsticks import ANCHORS, FORECASTER, ON

OF = ["segment", "anchor", "horizon_s"]
BEGAN = pl.col("ts_cutoff").dt.truncate("1d")
CLOSE = 1e-9
REST = 100  # one in so many weights may be above a cap


def ill_compared(held: pl.DataFrame, every: pl.DataFrame, *, with_up_down: bool) -> pl.DataFrame:
    """Yardsticks with another number of labels, or of yes, than those of other clusters in the segment before the cutoff; or another share of them."""
    if held.is_empty():
        return held
    labels = in_segments(every, with_up_down=with_up_down).join(held.select(OF).unique(), on=OF, how="semi")
    rows, of = held.with_row_index("row"), labels.sort("ts_known").partition_by(OF, as_dict=True)
    parts = [
        before(part, of.get(key, labels.clear())) for key, part in rows.group_by(OF, maintain_order=True)
    ]
    own = (
        rows.join(labels, on=[*OF, "cluster_id"], how="inner")
        .filter(pl.col("ts_known") < pl.col("ts_cutoff"))
        .group_by("row")
        .agg(labels_own=pl.len().cast(pl.Int64), yes_own=pl.col("y").cast(pl.Int64).sum())
    )
    found = pl.concat(parts).join(own, on="row", how="left", maintain_order="left")
    there = {name: pl.col(f"{name}_all") - pl.col(f"{name}_own").fill_null(0) for name in ("labels", "yes")}
    share = pl.when(there["labels"] > 0).then(there["yes"] / there["labels"]).otherwise(0.5)
    right = (pl.col("labels") == there["labels"]) & (pl.col("yes") == there["yes"])
    return found.filter(~(right & ((pl.col("rate") - share).abs() < CLOSE)).fill_null(value=False)).select(
        held.columns
    )


def in_segments(every: pl.DataFrame, *, with_up_down: bool) -> pl.DataFrame:
    """Each market's label once in every segment that a forecast of it is in."""
    labels = named(every, with_up_down=with_up_down).unique([*OF, "condition_id"], keep="first")
    return labels.select(*OF, "cluster_id", "y", ts_known="ts_label_known")


def named(every: pl.DataFrame, *, with_up_down: bool) -> pl.DataFrame:
    """The market's own forecasts in every `segment` that each is in."""
    rows = every.filter(pl.col("forecaster") == FORECASTER, pl.col("anchor").is_in(ANCHORS))
    headline = rows if with_up_down else rows.filter(pl.col("category").ne_missing(UP_DOWN))
    later = headline.filter(pl.col("anchor") != cutoffs.SCHED_END)
    each = [
        headline.with_columns(segment=pl.lit("all")),
        rows.with_columns(segment=pl.format("category={}", "category")),
        headline.with_columns(segment=pl.format("liquidity={}", "liquidity_bucket")),
        rows.with_columns(segment=pl.format("category={} liquidity={}", "category", "liquidity_bucket")),
        later.with_columns(segment=pl.format("tte={}", "tte_bucket")),
    ]
    return pl.concat(each).drop_nulls("segment")


def before(part: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """The yardsticks of one segment with how many labels of it there were before each cutoff, and how many of these said yes."""
    place = labels["ts_known"].search_sorted(part["ts_cutoff"], side="left")
    yes = pl.concat([pl.Series([0], dtype=pl.Int64), labels["y"].cast(pl.Int64).cum_sum()])
    return part.with_columns(labels_all=place.cast(pl.Int64), yes_all=yes.gather(place))


def unlike(
    scored: pl.DataFrame, snapshots: pl.DataFrame, waited: pl.DataFrame, borders_s: Sequence[int]
) -> pl.DataFrame:
    """Scores whose dollars or time to the end are not those of their snapshot, or of what was carried of an older one; or of another bucket than the fixed borders'."""
    dollars = pl.col("volume_24h").fill_null(0) / WHOLE
    told = [each.select(*ON, said="tte_s", dollars=dollars) for each in (snapshots, waited)]
    said = pl.concat(told).unique(ON, keep="first", maintain_order=True)
    rows = scored.filter(pl.col("anchor") != cutoffs.CLOSE_EXPOST).join(
        said, on=ON, how="left", maintain_order="left"
    )
    left = pl.col("tte_s").eq_missing(pl.col("said")) & pl.col("tte_bucket").eq_missing(
        time_left.bucket(pl.col("tte_s"), borders_s)
    )
    return rows.filter(~(left & (pl.col("weight_volume") == pl.col("dollars"))).fill_null(value=False))


def ill_capped(scored: pl.DataFrame, snapshots: pl.DataFrame) -> pl.DataFrame:
    """Scores whose weight is capped by anything but the 99th percentile of the dollars before forecasts of the month before their day."""
    taken = snapshots.filter(~pl.col("excluded"), pl.col("volume_24h") > 0)
    seen = taken.select("condition_id", "ts_cutoff", dollars=pl.col("volume_24h") / WHOLE).unique()
    honest = scored.filter(pl.col("anchor") != cutoffs.CLOSE_EXPOST)
    caps = honest.select(began=BEGAN, weight_cap="weight_cap").unique()
    bad = [
        row
        for row in caps.iter_rows(named=True)
        if not is_cap(row["weight_cap"], month_before(seen, row["began"]))
    ]
    wrong = pl.DataFrame(bad, schema=caps.schema)
    on = ["began", "weight_cap"]
    return honest.with_columns(began=BEGAN).join(
        wrong, on=on, how="semi", nulls_equal=True, maintain_order="left"
    )


def ill_carried(scored: pl.DataFrame, waited: pl.DataFrame) -> pl.DataFrame:
    """Scores whose cap is another than the one that was carried with their forecast."""
    held = waited.select(*ON, carried="weight_cap")
    rows = scored.join(held, on=ON, how="left", maintain_order="left")
    return rows.filter(pl.col("weight_cap").ne_missing(pl.col("carried"))).select(scored.columns)


def month_before(seen: pl.DataFrame, began: object) -> pl.Series:
    """The dollars of the 30 days before a day."""
    at = pl.lit(began, cutoffs.TIME)
    return seen.filter(
        pl.col("ts_cutoff") >= at - pl.duration(days=30, time_unit="ns"), pl.col("ts_cutoff") < at
    )["dollars"]


def is_cap(cap: float | None, dollars: pl.Series) -> bool:
    """Whether a cap is one of these dollars, as many are above it as may be, and it is the lowest of which that is so."""
    if cap is None or not dollars.len():
        return cap is None and not dollars.len()
    may = (dollars.len() - 1) // REST
    return bool((dollars > cap).sum() <= may < (dollars >= cap).sum())
