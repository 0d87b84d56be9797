"""The calibration page from a lake's tables: boards and curves of the last day there is, attrition and completeness of every day."""

import polars as pl

from lakeflow.forecast.report.page import Tables, page


def calibration(  # noqa: PLR0913, PLR0917  a report's arguments are its tables
    scoreboard: pl.DataFrame,
    metrics: pl.DataFrame,
    curves: pl.DataFrame,
    bins: pl.DataFrame,
    audit: pl.DataFrame,
    attrition: pl.DataFrame,
    unscored: pl.DataFrame,
    completeness: pl.DataFrame,
    symbol: str,
    first: str,
    last: str,
) -> str:
    """One HTML file that asks no network for anything."""
    day = scoreboard["dt"].max()
    of = pl.lit(value=False) if day is None else pl.col("dt") == day
    board, why = scoreboard.filter(of), blocked(scoreboard.filter(of), audit)
    shown = pl.lit(value=not why)
    rules = audit.filter(of | ~pl.col("passed")).sort("dt", "check_id")
    boards = Tables(
        board.filter(shown), metrics.filter(of, shown), curves.filter(of, shown), bins.filter(of, shown), rules, attrition, unscored, completeness,
        None if day is None else str(day), why,
    )  # fmt: skip
    return page(boards, symbol, first, last)


def blocked(board: pl.DataFrame, audit: pl.DataFrame) -> list[str]:
    """What keeps the boards from being shown: what they say of it, and the rules that a day of the report breaks.

    A board that was made before its audit was made anew does not know yet.
    """
    said = board["blocked_by"].explode(empty_as_null=False).unique().to_list() if board.height else []
    broken = audit.filter(~pl.col("passed")).select(pl.format("{} {}", "dt", "check_id")).to_series()
    return sorted({*said, *broken})
