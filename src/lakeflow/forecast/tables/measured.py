"""The figures of every segment as tables: metrics with intervals, reliability bins and isotonic curves with bands."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from lakeflow.forecast.bands import Band, confidence_band, consistency_band
from lakeflow.forecast.figures import Figure, Redraws, figures, is_too_few, redraws, told, too_few
from lakeflow.forecast.isotonic import curve
from lakeflow.forecast.sample import Sample, sample
from lakeflow.forecast.scores import effective_rows
from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.binned import BIN, binned
from lakeflow.forecast.tables.segments import ALL, EQUAL, OF, VOLUME, Segment, segments
from lakeflow.forecast.tables.weights import winsorised

FEWEST, FEWEST_TO_RANK = 30, 100
WINDOW = "365d"  # of the days on which labels became known, as datasets.yaml has it
METRIC: dict[str, Any] = OF | {
    "weighting": pl.String(), "metric": pl.String(), "value": pl.Float64(), "ci_lo": pl.Float64(), "ci_hi": pl.Float64(), "ci_method": pl.String(),
    "status": pl.String(), "forecasts": pl.Int64(), "markets": pl.Int64(), "clusters": pl.Int64(), "n_eff": pl.Float64(),
    "base_rate": pl.Float64(), "params": pl.String(), "label_window": pl.String(),
}  # fmt: skip
CURVE: dict[str, Any] = OF | {
    "p": pl.Float64(), "x": pl.Float64(), "band_p": pl.Boolean(), "consistency_lo": pl.Float64(), "consistency_hi": pl.Float64(),
    "confidence_lo": pl.Float64(), "confidence_hi": pl.Float64(), "forecasts": pl.Int64(),
}  # fmt: skip
HEADLINES = tuple((ALL, cutoffs.SCHED_END, horizon, "MARKET") for horizon in cutoffs.HORIZONS)


def measured(
    scored: pl.DataFrame, draws: int, seed: int, *, with_up_down: bool = False
) -> dict[str, pl.DataFrame]:
    """The three tables of a window of scored forecasts; each segment draws from a stream of its own, so none moves another."""
    tables: dict[str, list[tuple[Any, ...]]] = {"metrics": [], "reliability_bins": [], "corp_curves": []}
    for segment in segments(winsorised(scored), with_up_down=with_up_down):
        rows, own = segment.sample, stream(segment, seed)
        if is_too_few(rows, FEWEST):
            tables["metrics"] += metrics(segment, rows, [too_few(rows)], draws, EQUAL)
        else:
            drawn = redraws(rows, draws, own)
            tables["metrics"] += metrics(segment, rows, told(rows, drawn), draws, EQUAL)
            tables["reliability_bins"] += [
                *binned(segment, rows, "width10"),
                *binned(segment, rows, "mass15"),
            ]
            tables["corp_curves"] += curved(segment, rows, bands(rows, drawn, draws, own))
        if segment.is_weighed:
            dollars = segment.by_volume
            found = figures(dollars, draws, own, fewest_clusters=FEWEST)
            tables["metrics"] += metrics(segment, dollars, found, draws, VOLUME)
    if not tables["metrics"]:
        tables["metrics"] += (nobody(key, draws) for key in HEADLINES)
    shapes = {"metrics": METRIC, "reliability_bins": BIN, "corp_curves": CURVE}
    order = {
        "metrics": ("weighting", "metric"),
        "reliability_bins": ("binning", "bin"),
        "corp_curves": ("p",),
    }
    return {
        name: pl.DataFrame(tables[name], schema=shape, orient="row").sort(*OF, *order[name])
        for name, shape in shapes.items()
    }


def nobody(key: tuple[str, str, int, str], draws: int) -> tuple[Any, ...]:
    """The one row of a headline that no forecast is in."""
    none = too_few(sample([], []))
    return (
        *key,
        EQUAL,
        none.metric,
        None,
        None,
        None,
        none.method,
        none.status,
        0,
        0,
        0,
        0.0,
        None,
        params(draws),
        WINDOW,
    )


def params(draws: int) -> str:
    found = {"draws": draws, "fewest_clusters": FEWEST, "fewest_to_rank": FEWEST_TO_RANK}
    return json.dumps(found, sort_keys=True)


def stream(segment: Segment, seed: int) -> int:
    """A key of random draws for a segment, from its name alone."""
    text = f"{seed}|{'|'.join(map(str, segment.key))}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big")


def metrics(
    segment: Segment, rows: Sample, found: list[Figure], draws: int, weighting: str
) -> Iterator[tuple[Any, ...]]:
    """A row for every figure; of too few clusters one row, which says so."""
    weighed = segment.rows if weighting == EQUAL else segment.weighed
    markets = weighed["condition_id"].n_unique()
    rate = rows.base_rate if rows.clusters >= FEWEST else None
    about = (rows.p.size, markets, rows.clusters, effective_rows(rows), rate, params(draws), WINDOW)
    for figure in found:
        interval = (finite(figure.low), finite(figure.high), figure.method)
        yield (*segment.key, weighting, figure.metric, finite(figure.value), *interval, figure.status, *about)


def finite(value: float | None) -> float | None:
    """A number that a table may hold."""
    return value if value is not None and np.isfinite(value) else None


def bands(rows: Sample, drawn: Redraws, draws: int, seed: int) -> tuple[Band, Band]:
    """Around the diagonal, and around the curve: both by the draws of the figures where these will do."""
    return consistency_band(rows, drawn.calibrated), confidence_band(rows, drawn.again, draws, seed)


def curved(segment: Segment, rows: Sample, around: tuple[Band, Band]) -> Iterator[tuple[Any, ...]]:
    """The isotonic curve at every distinct forecast, with both bands where they were drawn."""
    fitted, (consistent, confident) = curve(rows), around
    drawn = {float(p): place for place, p in enumerate(consistent.p)}
    for p, x, many in zip(fitted.p, fitted.x, np.diff(rows.first), strict=True):
        place = drawn.get(float(p))
        bands = (
            (None,) * 4
            if place is None
            else tuple(
                float(side[place])
                for side in (consistent.low, consistent.high, confident.low, confident.high)
            )
        )
        yield (*segment.key, float(p), float(x), place is not None, *bands, int(many))
