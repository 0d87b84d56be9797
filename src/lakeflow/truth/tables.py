"""Truth tables: how often, how much, how likely, with an interval, for every cell, in long form."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from lakeflow.truth import cells
from lakeflow.truth.cell import Cell, Measures, cell_of
from lakeflow.truth.clusters import interval, median_interval, p_of
from lakeflow.truth.intervals import Interval, benjamini_hochberg, garwood, wilson

HOUR = 3600
MEDIAN, TIE = "med_", "tie_"
LONG = {
    "metric": pl.String, "underlying": pl.String, "kind": pl.String, "dte_bucket": pl.String, "tod": pl.String, "regime": pl.String,
    "n": pl.Int64, "days": pl.Int64, "exposure_h": pl.Float64, "value": pl.Float64, "lo": pl.Float64, "hi": pl.Float64,
    "method": pl.String, "low_n": pl.Boolean, "ties": pl.Int64, "baseline": pl.Float64, "difference": pl.Float64, "p": pl.Float64, "q": pl.Float64,
}  # fmt: skip
Row = dict[str, Any]


def truth_table(
    events: pl.DataFrame, exposure: pl.DataFrame, kinds: list[str], measures: Measures
) -> pl.DataFrame:
    """Cells come from the exposure (`seconds` by session_date, underlying and the dimensions): none is left out for n = 0."""
    found = cells.groups(events)
    rows: list[Row] = []
    for key, exposed in cells.exposed(exposure, kinds):
        cell = cell_of("|".join(map(str, key)), found.pop(key, events.clear()), exposed, measures)
        named = dict(zip((*cells.KEYS, *cells.DIMENSIONS), key, strict=True))
        exposed_h = {"exposure_h": cell.seconds / HOUR}
        rows += [named | exposed_h | row | {"low_n": _is_few(row, measures)} for row in _rows(cell, measures)]
    if found:
        raise ValueError(
            f"events in cells without exposure: {sorted(map(str, found))[:5]}; expected seconds for each of them"
        )
    table = pl.DataFrame(rows, schema=LONG)
    q = pl.Series("q", benjamini_hochberg(table["p"].fill_null(np.nan).to_numpy())).fill_nan(None)
    return table.with_columns(q).sort("metric", *cells.KEYS, *cells.DIMENSIONS)


def _rows(cell: Cell, measures: Measures) -> Iterator[Row]:
    yield _frequency(cell, measures.level)
    for metric in measures.shares:
        row = _share(cell, metric, measures.level)
        yield row | _compared(cell, metric, row)
    for metric in measures.means:
        row = _mean(cell, metric)
        yield row | _compared(cell, metric, row)
    yield from (_median(cell, metric) for metric in measures.medians)


def _frequency(cell: Cell, level: float) -> Row:
    hours, n = cell.seconds / HOUR, len(cell.inside)
    known = garwood(n, level)
    per_hour = [x / hours if hours else None for x in (n, known.lo, known.hi)]
    return _row("per_hour", n, cell.exposed_days, per_hour, "garwood")


def _share(cell: Cell, metric: str, level: float) -> Row:
    own = cell.own[metric]
    n, hits = int(own.counts.sum()), int(own.sums.sum())
    values: list[float | None] = [hits / n, *wilson(hits, n, level)] if n else [None] * 3
    row = _row(metric, n, int(np.count_nonzero(own.counts)), values, "wilson")
    is_told = TIE + metric in cell.inside.columns
    return row | ({"ties": int(cell.inside[TIE + metric].sum())} if is_told else {})


def _mean(cell: Cell, metric: str) -> Row:
    own = cell.own[metric]
    n, days = int(own.counts.sum()), int(np.count_nonzero(own.counts))
    bounds = interval(cell.means[metric], cell.draws) if days >= cell.draws.min_days else None
    value = float(own.sums.sum()) / n if n else None
    return _row(metric, n, days, [value, *_ends(bounds)], "day_bootstrap")


def _median(cell: Cell, metric: str) -> Row:
    """The lower one where two share the middle, as in the draws."""
    known = cell.inside.filter(pl.col(metric).is_not_null())
    values = known[metric].cast(pl.Float64).to_numpy()
    day = cell.days.search_sorted(known["session_date"]).to_numpy().astype(np.int64)
    bounds = median_interval(values, day, cell.draws, cell.drawn) if len(values) else None
    value = float(np.sort(values)[(len(values) - 1) // 2]) if len(values) else None
    return _row(MEDIAN + metric, len(values), len(np.unique(day)), [value, *_ends(bounds)], "day_bootstrap")


def _ends(bounds: Interval | None) -> tuple[float | None, float | None]:
    return bounds or (None, None)


def _row(metric: str, n: int, days: int, values: list[float | None], method: str) -> Row:
    value, lo, hi = values
    return {"metric": metric, "n": n, "days": days, "value": value, "lo": lo, "hi": hi, "method": method}


def _is_few(row: Row, measures: Measures) -> bool:
    return bool(row["n"] < measures.min_n or row["days"] < measures.min_days)


def _compared(cell: Cell, metric: str, row: Row) -> Row:
    """The difference to the baseline and how likely it is by chance; nothing where either is missing."""
    base = cell.base.get(metric)
    if base is None or row["value"] is None or not base.counts.any():
        return {}
    baseline = float(base.sums.sum() / base.counts.sum())
    enough = row["days"] >= cell.draws.min_days
    p = p_of(cell.means[metric] - cell.base_means[metric]) if enough else None
    return {"baseline": baseline, "difference": row["value"] - baseline, "p": p}
