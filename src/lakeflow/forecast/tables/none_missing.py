"""Forecasts without what each of them must have: a yardstick in every segment that it is in, and the answers of the maps of its past."""

import polars as pl

from lakeflow.forecast.tables.cutoffs import SCHED_END
from lakeflow.forecast.tables.fitted import named
from lakeflow.forecast.tables.measured import FEWEST

KEY = ["condition_id", "anchor", "horizon_s", "ts_cutoff"]
ALWAYS = ("RECAL_ISOTONIC", "RECAL_VENN_ABERS")  # any past has these maps
MAP = ["horizon_s", "began", "own"]


def without_yardstick(held: pl.DataFrame, scored: pl.DataFrame, *, with_up_down: bool) -> pl.DataFrame:
    """Forecasts that lack the yardstick of a segment that they are in, and yardsticks of none."""
    due = named(scored, with_up_down=with_up_down).select("segment", *KEY)
    there = held.select("segment", *KEY)
    return pl.concat(
        [due.join(there, on=due.columns, how="anti"), there.join(due, on=due.columns, how="anti")]
    )


def without_answer(again: pl.DataFrame, scored: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    """Forecasts that a map of the labels of enough other clusters could answer and did not; a map answers all of a day or none."""
    due = correctable(scored, past)
    always = due.join(pl.DataFrame({"forecaster": ALWAYS}), how="cross")
    others = again.filter(~pl.col("forecaster").is_in(ALWAYS)).join(due, on=KEY, how="inner")
    maps = others.select(*MAP, "forecaster").unique()
    of_maps = due.join(maps, on=MAP, how="inner", nulls_equal=True)
    asked = [rows.select(*KEY, "forecaster") for rows in (always, of_maps)]
    return pl.concat(asked).join(again, on=[*KEY, "forecaster"], how="anti")


def correctable(scored: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    """The market's own forecasts that at least as many other clusters as a figure needs had ended before the day of; `own` where theirs was one more."""
    is_market = (pl.col("anchor") == SCHED_END) & (pl.col("forecaster") == "MARKET")
    rows = scored.filter(is_market).select(*KEY, "cluster_id", began=pl.col("ts_cutoff").dt.truncate("1d"))
    of = ["horizon_s", "began"]
    seen = rows.select(of).unique().join(past.filter(is_market).select("horizon_s", "cluster_id", "ts_label_known"), on="horizon_s").filter(pl.col("ts_label_known") < pl.col("began"))  # fmt: skip
    clusters = seen.select(*of, "cluster_id", is_own=True).unique()
    counts = clusters.group_by(of).agg(clusters=pl.len().cast(pl.Int64))
    known = rows.join(counts, on=of, how="inner").join(clusters, on=[*of, "cluster_id"], how="left")
    is_own = pl.col("is_own").fill_null(value=False)
    return known.filter(pl.col("clusters") - is_own.cast(pl.Int64) >= FEWEST).select(
        *KEY, "began", own=pl.when(is_own).then("cluster_id")
    )
