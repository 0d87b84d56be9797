"""Rows that a rule against looking ahead forbids by whom they count: what maps learnt from, which markets are asked, who is in a group."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.breaches import at_cutoff
from lakeflow.forecast.tables.categories import CATEGORIES, OTHER, UP_DOWN
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.measured import FEWEST
from lakeflow.forecast.tables.members import AT, of_groups
from lakeflow.forecast.tables.quotes import NO_QUOTE, ONE_SIDED
from lakeflow.forecast.tables.recalibrated import BEGAN, honest
from lakeflow.forecast.tables.snapshots import bucket


def ill_taught(again: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    """Answers of maps that saw a label too early, too few others, or another number of them than the labels of other groups then.

    A map that saw its own group, or anything else that it should not, saw more than there was to see.
    """
    known = honest(past).select("horizon_s", "cluster_id", "ts_label_known")
    rows = again.with_columns(began=BEGAN).with_row_index("row")
    parts = [seen(part, known) for _, part in rows.group_by("horizon_s", "began", maintain_order=True)]
    if not parts:
        return again
    early = pl.col("ts_trained_until") >= pl.col("began")
    few = pl.col("trained_clusters") < FEWEST
    others = (pl.col("trained_forecasts") != pl.col("forecasts_seen")) | (
        pl.col("trained_clusters") != pl.col("clusters_seen")
    )
    return pl.concat(parts).filter((early | few | others).fill_null(value=True)).select(again.columns)


def seen(part: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Answers of one horizon and day with how many forecasts and clusters there were to learn from, their own apart."""
    horizon, began = part.select("horizon_s", "began").row(0)
    of = known.filter(pl.col("horizon_s") == horizon, pl.col("ts_label_known") < began)
    each = of.group_by("cluster_id").agg(own=pl.len())
    rows = part.join(each, on="cluster_id", how="left", maintain_order="left")
    return rows.with_columns(
        forecasts_seen=of.height - pl.col("own").fill_null(0),
        clusters_seen=each.height - pl.col("own").is_not_null().cast(pl.Int64),
    )


def unfixed(shot: pl.DataFrame) -> pl.DataFrame:
    """Snapshots in another bucket or category than the fixed borders and map know."""
    moved = bucket(pl.col("near_2c")) != pl.col("liquidity_bucket")
    strange = ~pl.col("category").is_in([*CATEGORIES, UP_DOWN, OTHER])
    return shot.filter((moved | strange).fill_null(value=True))


def listed_at_noon(markets: pl.DataFrame, labels: pl.DataFrame, dt: date, as_of: str) -> pl.DataFrame:
    """The markets that were listed at a day's noon, each with whether it was over by then as far as anyone knows."""
    noon = cutoffs.cutoffs(markets, dt).filter(pl.col("anchor") == cutoffs.CALENDAR)
    since = labels.select("condition_id", ts_over=pl.min_horizontal("ts_told", "ts_proposed"))
    rows = cutoffs.held(cutoffs.reached(noon, as_of)).join(since, on="condition_id", how="left")
    rows = rows.join(cutoffs.closes(markets), on="condition_id", how="left")
    told = (pl.min_horizontal("ts_over", "ts_close") <= pl.col("ts_cutoff")).fill_null(value=False)
    return rows.select("condition_id", "category", is_over=told | cutoffs.said_over())


def lost(listed: pl.DataFrame, attrition: pl.DataFrame) -> pl.DataFrame:
    """Categories of which more markets were open at noon than were taken or counted with a reason, or fewer listed than counted.

    One that is over is counted once, when it ended.
    """
    noon = attrition.filter(pl.col("anchor") == cutoffs.CALENDAR)
    asked = pl.col("reason") != cutoffs.RESOLVED_BEFORE
    counted = noon.group_by("category").agg(
        asked=pl.col("markets").filter(asked).sum(), counted=pl.col("markets").sum()
    )
    there = listed.group_by("category").agg(listed=pl.len(), open=(~pl.col("is_over")).sum())
    found = there.join(counted, on="category", how="left").fill_null(0)
    wrong = found.filter((pl.col("asked") < pl.col("open")) | (pl.col("counted") > pl.col("listed")))
    return listed.join(wrong, on="category", how="semi")


def miscounted(shot: pl.DataFrame, attrition: pl.DataFrame) -> pl.DataFrame:
    """Counts of cutoffs that were asked, by what came of them, that are not those of the snapshots."""
    of = ["anchor", "horizon_s", "category", "reason"]
    reason = pl.when("excluded").then("exclude_reason").otherwise(pl.lit("TAKEN"))
    there = shot.group_by(*of[:3], reason=reason).agg(there=pl.col("condition_id").n_unique())
    told = attrition.filter(pl.col("reason").is_in(["TAKEN", NO_QUOTE, ONE_SIDED]))
    both = told.join(there, on=of, how="full", coalesce=True, nulls_equal=True)
    return both.filter(pl.col("markets").fill_null(0) != pl.col("there").fill_null(0))


def wrong_sums(
    used: pl.DataFrame, markets: pl.DataFrame, labels: pl.DataFrame, points: pl.DataFrame
) -> pl.DataFrame:
    """Snapshots whose group's sum is none of its members at the cutoff, or whose share is not that of the sum."""
    rows = at_cutoff(used, markets).filter(pl.any_horizontal(pl.col("group_sum", "p_norm").is_not_null()))
    share = (pl.col("p") * WHOLE / pl.col("group_sum")).round()
    none = (pl.col("group_sum") == 0) & pl.col("p_norm").is_null()
    shared = ((pl.col("p_norm") - share).abs() <= 1) | none
    of_it = pl.col("group_id").eq_missing(pl.col("said_group_id")) & (pl.col("members") > 1)
    sums = summed(used, still_open(of_groups(rows, markets), labels), points)
    good = shared & of_it & pl.col("group_sum").is_between("least", "most")
    return rows.join(sums, on=AT, how="left", maintain_order="left").filter(~good.fill_null(value=False))


def still_open(members: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """The members whose answer nobody had told by the cutoff."""
    told = labels.filter(pl.col("ts_told").is_not_null()).select("condition_id", "ts_told")
    gone = members.join(told, on="condition_id", how="inner").filter(pl.col("ts_told") <= pl.col("ts_cutoff"))
    return members.select("condition_id", *AT, "token_id").join(gone, on=["condition_id", *AT], how="anti")


def summed(used: pl.DataFrame, members: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Between what a group's prices sum up to: those that are asked at the same cutoff have theirs, others one from nothing to all.

    Nothing itself is a price only of a token that a point of history gives that.
    """
    of = ["condition_id", *AT]
    prices = used.select(*of, "p").unique(of, keep="first", maintain_order=True)
    worthless = pl.col("token_id").is_in(points.filter(pl.col("price") == 0)["token_id"].unique().implode())
    return (
        members.join(prices, on=of, how="left")
        .group_by(AT)
        .agg(
            members=pl.len(),
            least=pl.coalesce("p", pl.when(worthless).then(0).otherwise(1)).sum(),
            most=pl.col("p").fill_null(WHOLE).sum(),
        )
    )
