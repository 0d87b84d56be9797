"""Forecasts made better by maps of the past: what a user of yesterday's map would have said, and how that came out.

A map for a cutoff is fitted on labels that were known when the cutoff's UTC day began, and on no row of the forecast's own cluster.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl

from lakeflow.forecast.compiled import Floats, Ints
from lakeflow.forecast.recalibration import beta_map, isotonic_map, platt_map
from lakeflow.forecast.sample import Sample, sample
from lakeflow.forecast.tables import cutoffs, scored
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.measured import FEWEST
from lakeflow.forecast.venn import venn_abers

METHODS: dict[str, Callable[[Sample], Any]] = {
    "BETA": beta_map, "ISOTONIC": isotonic_map, "PLATT": platt_map, "VENN_ABERS": venn_abers,
}  # fmt: skip
OWN: dict[str, Any] = {
    "ts_trained_until": cutoffs.TIME,
    "trained_forecasts": pl.Int64(),
    "trained_clusters": pl.Int64(),
}
SHAPE: dict[str, Any] = scored.SHAPE | OWN
BEGAN = pl.col("ts_cutoff").dt.truncate("1d")


def recalibrated(today: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    """A row for each of the day's forecasts by the market's own price and method that had a map; the clusters it saw are counted."""
    rows = [made for part in parts(honest(today)) for made in answered(part, honest(past))]
    if not rows:
        return pl.DataFrame(schema=SHAPE)
    every = pl.concat(rows).with_columns(pl.col(name).cast(dtype) for name, dtype in SHAPE.items())
    return every.select(*SHAPE).sort(scored.KEY)


def honest(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("anchor") == cutoffs.SCHED_END, pl.col("forecaster") == "MARKET")


def parts(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Forecasts of one horizon whose cutoffs are of one UTC day: they share a map."""
    named = rows.group_by("horizon_s", BEGAN.alias("began"))
    yield from (found for _, found in sorted(named, key=lambda pair: pair[0]))


def answered(part: pl.DataFrame, past: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """One part by every method; the forecasts of a cluster that the past has too are answered by a map that has not seen it."""
    horizon, began = part["horizon_s"][0], part.select(BEGAN.min()).item()
    known = past.filter(pl.col("horizon_s") == horizon, pl.col("ts_label_known") < began)
    shared = part.join(known, on="cluster_id", how="semi")["cluster_id"].unique().sort()
    unseen = ~pl.col("cluster_id").is_in(shared.implode())
    without = [
        (part.filter(pl.col("cluster_id") == own), known.filter(pl.col("cluster_id") != own))
        for own in shared
    ]
    for rows, seen in [(part.filter(unseen), known), *without]:
        if rows.height and seen["cluster_id"].n_unique() >= FEWEST:
            yield from told(rows.sort("condition_id", "ts_cutoff"), seen)


def told(rows: pl.DataFrame, seen: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The answers of each method that has a map of these rows of the past."""
    learnt = sample(seen["p"] / WHOLE, seen["y"], None, seen["cluster_id"])
    about = {
        "ts_trained_until": pl.lit(seen["ts_label_known"].max()), "trained_forecasts": pl.lit(seen.height),
        "trained_clusters": pl.lit(learnt.clusters),
    }  # fmt: skip
    for method, fit in METHODS.items():
        found = fit(learnt)
        if found is not None:
            p = np.clip(found.apply((rows["p"] / WHOLE).to_numpy()), 0.0, 1.0)
            yield scored.costed(
                rows.with_columns(forecaster=pl.lit(f"RECAL_{method}"), p=pl.Series(millionths(p)))
            ).with_columns(**about)


def millionths(p: Floats) -> Ints:
    """Forecasts as tables hold prices, in whole millionths."""
    return np.rint(p * WHOLE).astype(np.int64)
