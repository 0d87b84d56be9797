"""Scores and recalibrated forecasts that do not follow from what they are of: a snapshot's price, a label's answer, the cost of both, a map's past."""

import polars as pl

from lakeflow.forecast.tables import maps_again
from lakeflow.forecast.tables.cutoffs import CLOSE_EXPOST, SCHED_END
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.priced_again import Row

KEY = ["condition_id", "anchor", "horizon_s", "ts_cutoff"]
SAYS = {"MARKET": "p", "BID": "bid", "ASK": "ask", "LAST": "last_price", "NORM": "p_norm"}
SLACK = 1e-9
ROUNDING = 2  # millionths: two ways to the same curve end in other last digits
CERTAIN = 1e-6
BEGAN = pl.col("ts_cutoff").dt.truncate("1d")


def forecasts(scored: pl.DataFrame, told: pl.LazyFrame, waited: pl.DataFrame) -> pl.DataFrame:
    """What the snapshots of scores said; of those that are older than the snapshots that are there, what was carried of them."""
    asked, said = scored.select(KEY).unique(), [*KEY, *SAYS.values()]
    there = told.filter(~pl.col("excluded")).select(said).join(asked.lazy(), on=KEY, how="semi").collect()
    begins = told.select(pl.col("ts_cutoff").min()).collect().item()
    is_older = (pl.col("ts_cutoff") < begins) if begins else pl.lit(value=True)
    older = waited.filter(is_older).select(said).join(asked, on=KEY, how="semi")
    return pl.concat([there, older])


def of_no_snapshot(scored: pl.DataFrame, snapshots: pl.DataFrame) -> pl.DataFrame:
    """Scores of another forecast than the snapshot said; one that there is no snapshot of counts too. What looks ahead has none."""
    said = [snapshots.select(*KEY, said=column, forecaster=pl.lit(name)) for name, column in SAYS.items()]
    rows = scored.filter(pl.col("anchor") != CLOSE_EXPOST)
    return rows.join(
        pl.concat(said),
        left_on=[*KEY, "forecaster", "p"],
        right_on=[*KEY, "forecaster", "said"],
        how="anti",
        maintain_order="left",
    )


def ill_answered(scored: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Scores by another answer than the label's, or one that was known at another time."""
    known = labels.select("condition_id", "y", ts_label_known="ts_known")
    return scored.join(known, on=known.columns, how="anti", maintain_order="left")


def ill_costed(scored: pl.DataFrame) -> pl.DataFrame:
    """Scores that do not cost what their forecast and answer do."""
    p, came = pl.col("p") / WHOLE, pl.col("y") == 1
    right = pl.when(came).then(p).otherwise(1 - p)
    brier = ((1 - right) ** 2 - pl.col("brier")).abs() < SLACK
    nats = (right.clip(CERTAIN, 1 - CERTAIN).log() + pl.col("log_loss")).abs() < SLACK
    return scored.filter(~(brier & nats).fill_null(value=False))


def ill_mapped(again: pl.DataFrame, scored: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    """Recalibrated forecasts that are not what the map says of the market's, fitted on the labels of other clusters known before the day.

    As many maps are fitted as the table stands on: one for each horizon and day, and one for each cluster of it that the past has too.
    """
    market = scored.filter(pl.col("forecaster") == "MARKET").select(*KEY, "y", "ts_label_known", market="p")
    of = [*KEY, "y", "ts_label_known"]
    rows = again.join(market, on=of, how="left", maintain_order="left").with_row_index("row")
    known = past.filter(pl.col("anchor") == SCHED_END, pl.col("forecaster") == "MARKET")
    is_shared = pl.col("cluster_id").is_in(known["cluster_id"].unique().implode())
    parts = rows.with_columns(own=pl.when(is_shared).then("cluster_id"), began=BEGAN)
    good = [
        mapped(part, others(known, part.row(0, named=True)))
        for _, part in parts.group_by("horizon_s", "began", "own", "forecaster", maintain_order=True)
    ]
    right = pl.concat(good) if good else pl.Series(dtype=pl.UInt32)
    return again.filter(~rows["row"].is_in(right.implode()))


def others(known: pl.DataFrame, row: Row) -> pl.DataFrame:
    """What a forecast's map may have learnt from."""
    then = known.filter(pl.col("horizon_s") == row["horizon_s"], pl.col("ts_label_known") < row["began"])
    return then.filter(pl.col("cluster_id") != row["cluster_id"]) if row["own"] else then


def mapped(part: pl.DataFrame, seen: pl.DataFrame) -> pl.Series:
    """The rows of one map that say what it does; none by a map that there is not, or of nothing."""
    fit, rows = maps_again.FITS.get(part["forecaster"][0]), part.drop_nulls("market")
    if fit is None or seen.is_empty() or rows.is_empty():
        return pl.Series(dtype=pl.UInt32)
    p = fit(
        (seen["p"] / WHOLE).to_numpy(),
        seen["y"].cast(pl.Float64).to_numpy(),
        (rows["market"] / WHOLE).to_numpy(),
    )
    return rows.filter((pl.col("p") - pl.Series(p) * WHOLE).abs() <= ROUNDING)["row"]
