"""Groups of which one wins, and ladders of thresholds, each scored as one question."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.group_scores import OF, group_scores
from lakeflow.forecast.tables.scored import holding
from lakeflow.forecast.tables.thresholds import ladder_scores


def group(
    scored: pl.DataFrame, labels: pl.DataFrame, markets: pl.DataFrame, dt: date, seed: int, embargo_s: int
) -> pl.DataFrame:
    """Groups and ladders whose last answer became known on a day, each as one question with many answers."""
    held = holding(scored, labels)
    made = [each(held, labels, markets, dt, seed, embargo_s) for each in (group_scores, ladder_scores)]
    return pl.concat(made).sort(OF)
