"""Recalibration maps of segments, each fitted on labels that were known, with what it does to forecasts that came after."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from lakeflow.forecast.sample import Sample, sample
from lakeflow.forecast.scores import brier
from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.measured import FEWEST
from lakeflow.forecast.tables.recalibrated import METHODS
from lakeflow.forecast.tables.segments import OF, Segment, segments

HELD_OUT = 0.2  # the share of labels, the last to become known, that a trial map does not see
SHAPE: dict[str, Any] = OF | {
    "method": pl.String(), "params": pl.String(), "forecasts": pl.Int64(), "clusters": pl.Int64(), "ts_trained_until": cutoffs.TIME,
    "oot_brier_delta": pl.Float64(), "oot_forecasts": pl.Int64(),
}  # fmt: skip


class Trial(NamedTuple):
    """Forecasts whose labels were known first, and those that were made after all of these were known; no cluster is in both."""

    earlier: pl.DataFrame
    later: pl.DataFrame


def maps(scored: pl.DataFrame) -> pl.DataFrame:
    """A row for every segment of the market's own price that has enough clusters, and method."""
    honest = scored.filter(pl.col("anchor") == cutoffs.SCHED_END, pl.col("forecaster") == "MARKET")
    return pl.DataFrame(
        [row for segment in segments(honest) if not segment.is_crossed for row in fitted(segment)],
        schema=SHAPE,
        orient="row",
    ).sort(*OF, "method")


def fitted(segment: Segment) -> Iterator[tuple[Any, ...]]:
    """The maps of a segment."""
    rows = segment.sample
    if rows.clusters < FEWEST:
        return
    until, trial = segment.rows["ts_label_known"].max(), split(segment.rows)
    for method, fit in METHODS.items():
        found = fit(rows)
        if found is not None:
            about = (method, told(found), rows.p.size, rows.clusters, until)
            yield (*segment.key, *about, gained(trial, fit), trial.later.height)


def split(rows: pl.DataFrame) -> Trial:
    """The last labels apart from the others, whole clusters at a time; what was forecast before the others were known is in neither."""
    last = rows.group_by("cluster_id").agg(known=pl.col("ts_label_known").max()).sort("known", "cluster_id")
    early = last.head(int(last.height * (1 - HELD_OUT)))
    after = rows.join(early, on="cluster_id", how="anti").filter(pl.col("ts_cutoff") > early["known"].max())
    return Trial(rows.join(early, on="cluster_id", how="semi"), after)


def gained(trial: Trial, fit: Callable[[Sample], Any]) -> float | None:
    """The change of the Brier score of later forecasts by a map of earlier ones; below 0 is better. None where there is no map."""
    if not trial.later.height or not trial.earlier.height:
        return None
    found = fit(sampled(trial.earlier))
    later = sampled(trial.later)
    if found is None:
        return None
    again = sample(np.clip(found.apply(later.p), 0.0, 1.0), later.y)
    return float(brier(again) or 0.0) - float(brier(later) or 0.0)


def sampled(rows: pl.DataFrame) -> Sample:
    return sample(rows["p"] / WHOLE, rows["y"], None, rows["cluster_id"])


def told(found: Any) -> str:
    """A map's parameters as JSON."""
    values = {name: np.asarray(value).tolist() for name, value in found._asdict().items()}
    return json.dumps(values, sort_keys=True)
