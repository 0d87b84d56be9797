"""The rules against looking ahead, held against a day."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables import audit as rules
from lakeflow.forecast.tables.yardsticks import FORECASTER


def audit(  # noqa: PLR0913, PLR0917  a stage's arguments are its reads and its params
    snapshots: pl.DataFrame,
    scored: pl.DataFrame,
    markets: pl.DataFrame,
    labels: pl.DataFrame,
    book_gaps: pl.DataFrame,
    price_points: pl.DataFrame,
    rest_books: pl.DataFrame,
    attrition: pl.DataFrame,
    recalibrated: pl.DataFrame,
    past: pl.LazyFrame,
    yardsticks: pl.DataFrame,
    told: pl.LazyFrame,
    waited: pl.DataFrame,
    dt: date,
    embargo_s: int,
    tte_borders_s: list[int],
    with_up_down: bool,
    as_of: str,
) -> pl.DataFrame:
    """Every rule against looking ahead, with the rows that break it."""
    learnt = past.filter(pl.col("forecaster") == FORECASTER).select(rules.LEARNT)
    return rules.audit(
        rules.Looked(
            snapshots, scored, markets, labels, book_gaps, price_points, rest_books, attrition, recalibrated,
            learnt.collect(), dt, embargo_s, yardsticks, told.select(rules.TOLD).collect(), waited, tte_borders_s, with_up_down, as_of,
        )
    )  # fmt: skip
