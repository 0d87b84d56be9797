"""The rules against looking ahead, held against a day."""

import polars as pl

from lakeflow.forecast.tables import audit as rules


def audit(
    snapshots: pl.DataFrame,
    scored: pl.DataFrame,
    markets: pl.DataFrame,
    book_gaps: pl.DataFrame,
    price_points: pl.DataFrame,
    attrition: pl.DataFrame,
) -> pl.DataFrame:
    """Every rule against looking ahead, with the rows that break it."""
    return rules.audit(rules.Looked(snapshots, scored, markets, book_gaps, price_points, attrition))
