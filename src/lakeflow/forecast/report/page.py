"""The calibration page of a venue: reliability, scoreboard, bias meter, attrition and completeness, each number as its table has it."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, NamedTuple

import polars as pl

from lakeflow.forecast.report.drawing import diagram
from lakeflow.forecast.tables.cutoffs import SCHED_END

FORECASTER = "MARKET"
STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b1b1f, #ececf1); --dim: light-dark(#6b6b76, #a3a3b0); --paper: light-dark(#fff, #16161a);
  --line: light-dark(#d9d9e0, #34343c); --curve: light-dark(#b3261e, #ff8a80); --band: light-dark(#4a6fa533, #8ab4f833); --doubt: light-dark(#b3261e22, #ff8a8022); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto; max-width: 80rem; padding: 0 1rem; } table { font-size: .85rem; }
h1, h2 { line-height: 1.2; } .dim, figcaption { color: var(--dim); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } .wide { overflow-x: auto; } .barred { border: 2px solid var(--curve); padding: .75rem 1rem; }
th, td { padding: .25rem .4rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; } th:first-child, td:first-child, .words { text-align: left; }
.diagrams { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; } figure { margin: 0; } svg { width: 100%; height: auto; }
svg text { fill: var(--dim); font-size: 12px; } .frame { fill: none; stroke: var(--line); } .even { stroke: var(--dim); stroke-dasharray: 4 4; }
.curve { fill: none; stroke: var(--curve); stroke-width: 2; } .band { fill: var(--band); } .doubt { fill: var(--doubt); } .bin { fill: var(--ink); } .whisker { stroke: var(--ink); }
"""
BOARD = {
    "segment": "segment", "horizon_s": "horizon", "forecasts": "forecasts", "markets": "markets", "clusters": "clusters", "status": "status",
    "brier": "Brier", "brier_lo": "from", "brier_hi": "to", "brier_skill": "skill", "ece_width10": "ECE", "cox_slope": "slope",
    "bias_meter_ece": "bias ECE", "bias_meter_slope": "bias slope", "rank": "rank",
}  # fmt: skip
AUDIT = {
    "dt": "day",
    "check_id": "rule",
    "about": "what holds",
    "rows_checked": "rows",
    "violations": "violations",
    "passed": "passed",
}
LOST = {
    "anchor": "anchor",
    "horizon_s": "horizon",
    "category": "category",
    "reason": "reason",
    "markets": "markets",
}
WHOLE = {
    "dt": "day",
    "dataset": "data",
    "expected": "expected",
    "present": "present",
    "missing": "missing",
    "ts_expires": "until",
    "action": "to do",
}


class Tables(NamedTuple):
    """What the page shows: the last day's boards, and every day's attrition and completeness."""

    scoreboard: pl.DataFrame
    curves: pl.DataFrame
    bins: pl.DataFrame
    audit: pl.DataFrame
    attrition: pl.DataFrame
    unscored: pl.DataFrame
    completeness: pl.DataFrame
    day: str | None  # the day of the boards
    blocked_by: list[str]  # days and rules that keep the boards from being shown


def page(tables: Tables, venue: str, first: str, last: str) -> str:
    """The whole page as text."""
    title = f"Calibration of {venue}, {first} to {last}"
    shown = pl.col("forecaster") == FORECASTER, pl.col("anchor") == SCHED_END
    plain = ~pl.col("segment").str.contains(
        " ", literal=True
    )  # category by category: the table has them by liquidity
    board = tables.scoreboard.filter(*shown, plain).sort("segment", "horizon_s")
    lost, unscored = summed(tables.attrition), summed(tables.unscored)
    return "\n".join(
        [
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style></head><body>',
            f"<h1>{escape(title)}</h1>",
            f'<p class="dim">Prices at a fixed time before the end that was scheduled then; boards of {escape(tables.day or "no day")}. Intervals are of 95 %, by clusters of markets that are not independent.</p>',
            *barred(tables.blocked_by),
            "<h2>Reliability</h2>",
            '<p class="dim">Line: how often forecasts came true (CORP). Red area: where that line may lie. Blue area: where it would lie if the forecasts were calibrated. Dots: ten bins, with intervals by clusters.</p>',
            '<div class="diagrams">', *diagrams(tables), "</div>",
            "<h2>Scoreboard</h2>",
            '<p class="dim">Bias: what anchoring on the actual close, which nobody knew, would add to the calibration error and to the slope.</p>',
            table(board, BOARD, "scoreboard"),
            "<h2>Rules against looking ahead</h2>", table(tables.audit, AUDIT, "audit"),
            "<h2>Attrition</h2>", table(lost, LOST, "attrition"),
            "<h2>Taken, but not scored</h2>", table(unscored, LOST, "unscored"),
            "<h2>Completeness</h2>", table(tables.completeness, WHOLE, "completeness"),
            "</body></html>",
        ]
    )  # fmt: skip


def barred(blocked_by: list[str]) -> Iterator[str]:
    """A word to the reader where there are boards that are not to be believed; they are not shown."""
    if blocked_by:
        yield f'<p class="barred" role="alert"><strong>Not published.</strong> Days that the boards count break rules against looking ahead ({escape(", ".join(blocked_by))}): no figure and no scoreboard is shown until they are mended. Scoreboards of these days that were made before are not valid.</p>'


def summed(counts: pl.DataFrame) -> pl.DataFrame:
    """Markets by reason, of all days together."""
    of = ["anchor", "horizon_s", "category", "reason"]
    return counts.group_by(of).agg(pl.col("markets").sum()).sort(of)


def diagrams(tables: Tables) -> Iterator[str]:
    """A diagram for every horizon of all markets that has a curve."""
    of = (pl.col("segment") == "all", pl.col("forecaster") == FORECASTER, pl.col("anchor") == SCHED_END)
    curves, bins = tables.curves.filter(of), tables.bins.filter(of).filter(pl.col("binning") == "width10")
    horizons = curves["horizon_s"].unique().sort()
    if not len(horizons):
        yield '<p class="dim">No horizon has the 30 independent clusters that a curve needs.</p>'
    for horizon in horizons:
        at = pl.col("horizon_s") == horizon
        held = bins.filter(at)
        yield diagram(
            curves.filter(at), held, f"{span(horizon)} before the end: {counted(tables.scoreboard, horizon)}"
        )


def counted(board: pl.DataFrame, horizon: int) -> str:
    """How many forecasts a diagram is of, and how many of these are independent."""
    of = (pl.col("segment") == "all", pl.col("forecaster") == FORECASTER, pl.col("anchor") == SCHED_END)
    row = board.filter(*of, pl.col("horizon_s") == horizon).row(0, named=True)
    return f"{row['forecasts']:,} forecasts in {row['clusters']:,} clusters"


def table(rows: pl.DataFrame, columns: Mapping[str, str], name: str) -> str:
    """Rows as they are; a number is shown to four digits and held in full."""
    head = "".join(f"<th{words(rows, column)}>{escape(said)}</th>" for column, said in columns.items())
    body = "".join(
        f"<tr>{''.join(cell(column, row[column], words(rows, column)) for column in columns)}</tr>"
        for row in rows.iter_rows(named=True)
    )
    return f'<div class="wide"><table id="{name}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def words(rows: pl.DataFrame, column: str) -> str:
    """Words stand left, numbers right."""
    return ' class="words"' if rows.schema[column] == pl.String else ""


def cell(column: str, value: Any, kind: str) -> str:
    """A value for people, with the value itself beside it."""
    if value is None:
        return f'<td{kind} data-column="{column}"></td>'
    shown = span(value) if column == "horizon_s" else told(value)
    return f'<td{kind} data-column="{column}" data-value="{escape(repr(value) if isinstance(value, float) else str(value))}">{escape(shown)}</td>'


def told(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def span(seconds: int) -> str:
    """A horizon in hours or days."""
    return f"{seconds // 86_400} d" if seconds >= 86_400 else f"{seconds // 3_600} h"
