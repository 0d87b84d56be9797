"""What the page says in words: what is shown, what is not, and why."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from lakeflow.forecast.report.cells import span
from lakeflow.forecast.tables.categories import CATEGORIES, OTHER, UP_DOWN
from lakeflow.forecast.tables.measured import FEWEST, FEWEST_TO_RANK
from lakeflow.forecast.tables.segments import ALL

RELIABILITY = (
    "Line: how often forecasts came true (CORP). Red area: where that line may lie. Blue area: where it would lie if the forecasts were "
    "calibrated. Dots: ten bins, with intervals by clusters. Bars at the foot: how many of the forecasts each bin has."
)
SCOREBOARD = (
    "Forecasts of the market's own price, one a market and horizon. ECE is of ten bins of equal width, which is above 0 by chance alone; slope 1 "
    "is calibrated, below it prices are too extreme. Skill is against the share of yes known before each forecast. Bias: what anchoring on the "
    "actual close, which nobody knew, would add to the ECE and to the slope."
)
RULES = "Of the day of the boards, and every breach of the other days."
ATTRITION = (
    "Forecasts that were asked for on these days, by what became of them: TAKEN, or why there is none. By the calendar an open market is "
    "asked every noon, so it counts once a day; one that is over counts once, on the first noon after it ended."
)
UNSCORED = "Forecasts whose answer came on these days and that count in no figure, with the reason."
NOT_SHOWN = "Not shown, since it is not published."
COMPLETENESS = "What of each day should be in the lake and is, until when the vendor still has the rest, and what is to be done; frames and book_seconds are seconds."
STATUS = {
    "LOW_N": f"LOW_N: fewer than {FEWEST} independent clusters, so no figure is printed.",
    "EMPTY": "EMPTY: not one forecast was scored by the day of the boards.",
    "OK": f"An empty cell beside OK: there is no such figure of these forecasts (the table `metric` says why); ranks begin at {FEWEST_TO_RANK} clusters.",
}


def opening(day: str | None) -> str:
    """What prices and boards these are."""
    prices = "Prices at a fixed time before the end that was scheduled then"
    if day is None:
        return f"{prices}. There is no scoreboard of any of these days, so no figure is shown."
    return f"{prices}; boards of {day}, of the answers known by its end. Intervals are of 95 %, by clusters: markets of one event are one witness."


def barred(blocked_by: list[str]) -> str:
    return (
        f"Days that the boards count break rules against looking ahead ({', '.join(blocked_by)}): no figure and no scoreboard is shown until "
        "they are mended. Scoreboards of these days that were made before are not valid."
    )


def not_drawn(board: pl.DataFrame, is_blocked: bool) -> Iterator[str]:
    """The horizons that have forecasts and no diagram."""
    rows = board.filter(pl.col("segment") == ALL)
    few = [
        f"{span(row['horizon_s'])} ({row['forecasts']:,} forecasts in {row['clusters']:,} clusters)"
        for row in rows.filter(pl.col("status") != "OK", pl.col("forecasts") > 0).iter_rows(named=True)
    ]
    if is_blocked:
        yield NOT_SHOWN
    elif few:
        yield f"A curve takes {FEWEST} independent clusters; so none is drawn of {', '.join(few)}."
    elif not rows["forecasts"].sum():
        yield "No forecast was scored, so there is nothing to draw."


def of_board(board: pl.DataFrame) -> Iterator[str]:
    """What the words of the board mean that are on it, and which categories are not."""
    if not board.height:
        return
    found = set(board["status"])
    yield from (said for status, said in STATUS.items() if status in found)
    there = set(board["segment"])
    absent = [name for name in (*CATEGORIES, OTHER, UP_DOWN) if f"category={name}" not in there]
    if absent:
        yield f"No forecast was scored of these categories: {', '.join(absent)}."


def of_days(completeness: pl.DataFrame, first: str, last: str) -> Iterator[str]:
    """What the counts are, and which days of the range have none."""
    yield COMPLETENESS
    there = {str(day) for day in completeness["dt"]}
    every = pl.date_range(date.fromisoformat(first), date.fromisoformat(last), eager=True).cast(pl.String)
    missing = [day for day in every if day not in there]
    if missing:
        yield f"Nothing is told of {', '.join(missing)}: no delivery was made to tables."
