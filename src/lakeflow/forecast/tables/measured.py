"""The figures of every segment as tables: metrics with intervals, reliability bins and isotonic curves with bands."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from lakeflow.forecast.bands import confidence_band, consistency_band
from lakeflow.forecast.bins import Bins, by_mass, by_width
from lakeflow.forecast.compiled import Floats, Ints
from lakeflow.forecast.figures import figures
from lakeflow.forecast.isotonic import curve
from lakeflow.forecast.sample import Sample, sample
from lakeflow.forecast.scores import effective_rows
from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.segments import ALL, EQUAL, VOLUME, Segment, segments
from lakeflow.forecast.tables.weights import winsorised

FEWEST, FEWEST_TO_RANK = 30, 100
WINDOW = "365d"  # of the days on which labels became known, as datasets.yaml has it
OF: dict[str, Any] = {
    "segment": pl.String(),
    "anchor": pl.String(),
    "horizon_s": pl.Int64(),
    "forecaster": pl.String(),
}
METRIC: dict[str, Any] = OF | {
    "weighting": pl.String(), "metric": pl.String(), "value": pl.Float64(), "ci_lo": pl.Float64(), "ci_hi": pl.Float64(), "ci_method": pl.String(),
    "status": pl.String(), "forecasts": pl.Int64(), "markets": pl.Int64(), "clusters": pl.Int64(), "n_eff": pl.Float64(),
    "base_rate": pl.Float64(), "params": pl.String(), "label_window": pl.String(),
}  # fmt: skip
BIN: dict[str, Any] = OF | {
    "binning": pl.String(), "bin": pl.Int64(), "forecasts": pl.Int64(), "clusters": pl.Int64(), "mean_p": pl.Float64(),
    "obs_rate": pl.Float64(), "wilson_lo": pl.Float64(), "wilson_hi": pl.Float64(), "consistency_lo": pl.Float64(),
    "consistency_hi": pl.Float64(),
}  # fmt: skip
CURVE: dict[str, Any] = OF | {
    "p": pl.Float64(), "x": pl.Float64(), "band_p": pl.Boolean(), "consistency_lo": pl.Float64(), "consistency_hi": pl.Float64(),
    "confidence_lo": pl.Float64(), "confidence_hi": pl.Float64(), "forecasts": pl.Int64(),
}  # fmt: skip
Z = 1.959963984540054
HEADLINES = tuple((ALL, cutoffs.SCHED_END, horizon, "MARKET") for horizon in cutoffs.HORIZONS)


def measured(
    scored: pl.DataFrame, draws: int, seed: int, *, with_up_down: bool = False
) -> dict[str, pl.DataFrame]:
    """The three tables of a window of scored forecasts; each segment draws from a stream of its own, so none moves another."""
    tables: dict[str, list[tuple[Any, ...]]] = {"metrics": [], "reliability_bins": [], "corp_curves": []}
    for segment in segments(winsorised(scored), with_up_down=with_up_down):
        rows, own = segment.sample, stream(segment, seed)
        tables["metrics"] += metrics(segment, rows, draws, own, EQUAL)
        if segment.is_weighed:
            tables["metrics"] += metrics(segment, segment.by_volume, draws, own, VOLUME)
        if rows.clusters >= FEWEST:
            tables["reliability_bins"] += [
                *binned(segment, rows, "width10"),
                *binned(segment, rows, "mass15"),
            ]
            tables["corp_curves"] += curved(segment, rows, draws, own)
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
    none = figures(sample([], []), draws, 0)[0]
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
    segment: Segment, rows: Sample, draws: int, seed: int, weighting: str
) -> Iterator[tuple[Any, ...]]:
    """A row for every figure; of too few clusters one row, which says so."""
    weighed = segment.rows if weighting == EQUAL else segment.weighed
    markets = weighed["condition_id"].n_unique()
    rate = rows.base_rate if rows.clusters >= FEWEST else None
    about = (rows.p.size, markets, rows.clusters, effective_rows(rows), rate, params(draws), WINDOW)
    for figure in figures(rows, draws, seed, fewest_clusters=FEWEST):
        interval = (finite(figure.low), finite(figure.high), figure.method)
        yield (*segment.key, weighting, figure.metric, finite(figure.value), *interval, figure.status, *about)


def finite(value: float | None) -> float | None:
    """A number that a table may hold."""
    return value if value is not None and np.isfinite(value) else None


def binned(segment: Segment, rows: Sample, binning: str) -> Iterator[tuple[Any, ...]]:
    """A row for every bin that holds a forecast."""
    bins: Bins = by_width(rows) if binning == "width10" else by_mass(rows)
    knots = np.repeat(np.arange(rows.knots.size), np.diff(rows.first))
    of_row, p = bin_of(rows, bins)[knots], rows.knots[knots]
    for place, which in enumerate(bins.which):
        inside = of_row == place
        clusters = np.unique(rows.cluster[inside]).size
        low, high = wilson(float(bins.rate[place]), int(clusters))
        yield (
            *segment.key, binning, int(which), int(bins.rows[place]), int(clusters), float(bins.mean_p[place]),
            float(bins.rate[place]), low, high, *consistent(p[inside], rows.cluster[inside]),
        )  # fmt: skip


def consistent(p: Floats, cluster: Ints) -> tuple[float, float]:
    """Where the share that comes true would lie, 19 times of 20, if it came true by the forecasts.

    Rows of one cluster come true together as far as their chances let them, as for the curve's band.
    """
    order = np.lexsort((p, cluster))
    ascending, of = p[order], cluster[order]
    first = np.flatnonzero(np.r_[True, of[1:] != of[:-1]])
    size = np.diff(np.r_[first, of.size])
    place = np.arange(of.size) - np.repeat(first, size)
    # The sum over pairs of a cluster of the smaller chance is how often both of them come true.
    together = float((ascending * (2 * (np.repeat(size, size) - place) - 1)).sum())
    expected = np.add.reduceat(ascending, first)
    half = Z * np.sqrt(max(0.0, together - float((expected**2).sum()))) / p.size
    middle = float(p.mean())
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))


def bin_of(rows: Sample, bins: Bins) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The place among the filled bins of each knot: knots ascend, and so do bins."""
    per_knot = np.diff(rows.first)
    return np.searchsorted(np.cumsum(bins.rows), np.cumsum(per_knot) - per_knot, side="right").astype(
        np.int64
    )


def wilson(rate: float, witnesses: int) -> tuple[float, float]:
    """Wilson's interval of a rate by as many independent witnesses as there are clusters."""
    spread = Z * Z / witnesses
    middle = (rate + spread / 2) / (1 + spread)
    half = Z * np.sqrt(rate * (1 - rate) / witnesses + spread / (4 * witnesses)) / (1 + spread)
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))


def curved(segment: Segment, rows: Sample, draws: int, seed: int) -> Iterator[tuple[Any, ...]]:
    """The isotonic curve at every distinct forecast, with both bands where they were drawn."""
    fitted = curve(rows)
    consistent, confident = consistency_band(rows, draws, seed), confidence_band(rows, draws, seed)
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
