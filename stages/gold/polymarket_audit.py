"""The rules against looking ahead, held against a day."""

import polars as pl

from lakeflow.forecast.tables import audit as rules


def audit(  # noqa: PLR0913  a stage's arguments are its reads and its params
    snapshots: pl.DataFrame,
    scored: pl.DataFrame,
    markets: pl.DataFrame,
    book_gaps: pl.DataFrame,
    price_points: pl.DataFrame,
    attrition: pl.DataFrame,
    recalibrated: pl.DataFrame,
    as_of: str,
) -> pl.DataFrame:
    """Every rule against looking ahead, with the rows that break it."""
    looked = rules.Looked(snapshots, scored, markets, book_gaps, price_points, attrition, recalibrated, as_of)
    return rules.audit(looked)
