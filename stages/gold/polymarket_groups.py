"""Groups of which one wins, scored as one question."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.group_scores import group_scores
from lakeflow.forecast.tables.scored import holding


def group(
    scored: pl.DataFrame, labels: pl.DataFrame, markets: pl.DataFrame, dt: date, seed: int
) -> pl.DataFrame:
    """Groups whose last label came on a day, as one question with many answers."""
    return group_scores(holding(scored, labels), labels, markets, dt, seed)
