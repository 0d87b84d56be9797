"""Reliability bins as rows of a table: from where to where each goes, what it held, what came of it and what would have by chance."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from lakeflow.forecast.bins import Bins, by_mass, by_width
from lakeflow.forecast.compiled import Floats, Ints
from lakeflow.forecast.sample import Sample
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.segments import OF, Segment

Z = 1.959963984540054
WIDTH = WHOLE // 10
BIN: dict[str, Any] = OF | {
    "binning": pl.String(), "bin": pl.Int64(), "forecasts": pl.Int64(), "clusters": pl.Int64(), "mean_p": pl.Float64(),
    "obs_rate": pl.Float64(), "wilson_lo": pl.Float64(), "wilson_hi": pl.Float64(), "consistency_lo": pl.Float64(),
    "consistency_hi": pl.Float64(), "lo": pl.Int64(), "hi": pl.Int64(),
}  # fmt: skip


def binned(segment: Segment, rows: Sample, binning: str) -> Iterator[tuple[Any, ...]]:
    """A row for every bin that holds a forecast."""
    bins: Bins = by_width(rows) if binning == "width10" else by_mass(rows)
    knots = np.repeat(np.arange(rows.knots.size), np.diff(rows.first))
    of_row, p = bin_of(rows, bins)[knots], rows.knots[knots]
    edges = borders(bins, of_row, p, binning)
    for place, which in enumerate(bins.which):
        inside = of_row == place
        clusters = np.unique(rows.cluster[inside]).size
        low, high = wilson(float(bins.rate[place]), int(clusters))
        yield (
            *segment.key, binning, int(which), int(bins.rows[place]), int(clusters), float(bins.mean_p[place]),
            float(bins.rate[place]), low, high, *consistent(p[inside], rows.cluster[inside]),
            *edges[place],
        )  # fmt: skip


def borders(bins: Bins, of_row: Ints, p: Floats, binning: str) -> list[tuple[int, int]]:
    """From where to where each bin goes, in millionths: of equal width by its number, of equal mass from its lowest to its highest forecast."""
    if binning == "width10":
        return [(int(which) * WIDTH, (int(which) + 1) * WIDTH) for which in bins.which]
    ticks = np.rint(p * WHOLE).astype(np.int64)
    held = (ticks[of_row == place] for place in range(bins.which.size))
    return [(int(each.min()), int(each.max())) for each in held]


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
