"""The calibration page of a venue: reliability, scoreboard, bias meter, attrition and completeness, each number as its table has it."""

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

import polars as pl

from lakeflow.forecast.report import wording
from lakeflow.forecast.report.cells import span, table
from lakeflow.forecast.report.drawing import diagram
from lakeflow.forecast.report.style import STYLE
from lakeflow.forecast.tables.cutoffs import SCHED_END
from lakeflow.forecast.tables.segments import ALL, EQUAL

FORECASTER = "MARKET"
ENDED = {"ece_width10": "ece", "cox_slope": "slope"}  # figures whose intervals are in `metric` alone
BOARD = {
    "segment": "segment", "horizon_s": "horizon", "forecasts": "forecasts", "clusters": "clusters", "status": "status",
    "brier": "Brier", "brier_lo": "from", "brier_hi": "to", "brier_skill": "skill", "ece_width10": "ECE", "ece_lo": "from", "ece_hi": "to",
    "cox_slope": "slope", "slope_lo": "from", "slope_hi": "to", "bias_meter_ece": "bias ECE", "bias_meter_slope": "bias slope", "rank": "rank",
}  # fmt: skip
AUDIT = {
    "dt": "day", "check_id": "rule", "about": "what holds", "rows_checked": "rows", "violations": "violations", "passed": "passed",
}  # fmt: skip
LOST = {
    "anchor": "anchor",
    "horizon_s": "horizon",
    "category": "category",
    "reason": "reason",
    "markets": "forecasts",
}
WHOLE = {
    "dt": "day", "dataset": "data", "expected": "expected", "present": "present", "missing": "missing", "ts_expires": "until", "action": "to do",
}  # fmt: skip


class Tables(NamedTuple):
    """What the page shows: the last day's boards, and every day's attrition and completeness."""

    scoreboard: pl.DataFrame
    metrics: pl.DataFrame
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
    board = with_ends(headline(tables.scoreboard), tables.metrics)
    spelt = [first] if first == last else [first, last]
    title = f"Calibration of {venue}, {' to '.join(spelt)}"
    days = " to ".join(f'<span class="day">{escape(day)}</span>' for day in spelt)
    kept_back = wording.NOT_SHOWN if tables.blocked_by else "None."
    return "\n".join(
        [
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title><style>{STYLE}</style></head><body>',
            f"<h1>Calibration of {escape(venue)}, {days}</h1>",
            dim(wording.opening(tables.day)),
            *barred(tables.blocked_by),
            "<h2>Reliability</h2>", dim(wording.RELIABILITY), '<div class="diagrams">', *diagrams(tables, board), "</div>",
            *map(dim, wording.not_drawn(board, bool(tables.blocked_by))),
            "<h2>Scoreboard</h2>", dim(wording.SCOREBOARD), table(board, BOARD, "scoreboard", kept_back),
            *map(dim, wording.of_board(board)),
            "<h2>Rules against looking ahead</h2>", dim(wording.RULES), table(tables.audit, AUDIT, "audit"),
            "<h2>Attrition</h2>", dim(wording.ATTRITION), table(summed(tables.attrition), LOST, "attrition"),
            "<h2>Taken, but not scored</h2>", dim(wording.UNSCORED), table(summed(tables.unscored), LOST, "unscored"),
            "<h2>Completeness</h2>", *map(dim, wording.of_days(tables.completeness, first, last)),
            table(tables.completeness, WHOLE, "completeness"),
            "</body></html>",
        ]
    )  # fmt: skip


def headline(board: pl.DataFrame) -> pl.DataFrame:
    """The rows of the market's own price before the scheduled end; of categories by liquidity only the table tells."""
    shown = pl.col("forecaster") == FORECASTER, pl.col("anchor") == SCHED_END
    is_plain = ~pl.col("segment").str.contains(" ", literal=True)
    return board.filter(*shown, is_plain).sort("segment", "horizon_s")


def with_ends(board: pl.DataFrame, metrics: pl.DataFrame) -> pl.DataFrame:
    """The rows with the intervals of those figures that a scoreboard has without."""
    of = ["segment", "anchor", "horizon_s", "forecaster"]
    for metric, name in ENDED.items():
        ends = metrics.filter(pl.col("metric") == metric, pl.col("weighting") == EQUAL).select(
            *of, pl.col("ci_lo").alias(f"{name}_lo"), pl.col("ci_hi").alias(f"{name}_hi")
        )
        board = board.join(ends, on=of, how="left", maintain_order="left")
    return board


def dim(words: str) -> str:
    return f'<p class="dim">{escape(words)}</p>'


def barred(blocked_by: list[str]) -> Iterator[str]:
    """A word to the reader where there are boards that are not to be believed; they are not shown."""
    if blocked_by:
        yield f'<p class="barred" role="alert"><strong>Not published.</strong> {escape(wording.barred(blocked_by))}</p>'


def summed(counts: pl.DataFrame) -> pl.DataFrame:
    """Markets by reason, of all days together."""
    of = ["anchor", "horizon_s", "category", "reason"]
    return counts.group_by(of).agg(pl.col("markets").sum()).sort(of)


def diagrams(tables: Tables, board: pl.DataFrame) -> Iterator[str]:
    """A diagram for every horizon of all markets that has a curve, with how many of its forecasts are independent."""
    curves, bins = headline_of_all(tables.curves), headline_of_all(tables.bins)
    for horizon in curves["horizon_s"].unique().sort():
        at = pl.col("horizon_s") == horizon
        row = board.filter(at, pl.col("segment") == ALL).row(0, named=True)
        counts = f"{row['forecasts']:,} forecasts in {row['clusters']:,} clusters"
        ten = bins.filter(at, pl.col("binning") == "width10")
        yield diagram(curves.filter(at), ten, f"{span(horizon)} before the end: {counts}")


def headline_of_all(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(
        pl.col("segment") == ALL, pl.col("forecaster") == FORECASTER, pl.col("anchor") == SCHED_END
    )
