"""The calibration page from a lake's tables: boards and curves of the last day there is, attrition and completeness of every day."""

import polars as pl

from lakeflow.forecast.report.page import Tables, page


def calibration(  # noqa: PLR0913, PLR0917  a report's arguments are its tables
    scoreboard: pl.DataFrame,
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
    of = pl.col("dt") == day
    boards = Tables(
        scoreboard.filter(of), curves.filter(of), bins.filter(of), audit.filter(of), attrition, unscored, completeness,
        None if day is None else str(day),
    )  # fmt: skip
    return page(boards, symbol, first, last)
