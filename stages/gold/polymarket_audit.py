"""The rules against looking ahead, held against a day."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables import audit as rules
from lakeflow.forecast.tables.recalibrated import honest


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
    dt: date,
    embargo_s: int,
    as_of: str,
) -> pl.DataFrame:
    """Every rule against looking ahead, with the rows that break it."""
    learnt = past.select("anchor", "forecaster", "horizon_s", "cluster_id", "ts_label_known")
    return rules.audit(
        rules.Looked(
            snapshots, scored, markets, labels, book_gaps, price_points, rest_books, attrition, recalibrated,
            honest(learnt.collect()), dt, embargo_s, as_of,
        )
    )  # fmt: skip
