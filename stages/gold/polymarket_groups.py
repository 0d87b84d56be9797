"""Groups of which one wins, scored as one question."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.group_scores import group_scores
from lakeflow.forecast.tables.leaks import withheld_groups
from lakeflow.forecast.tables.scored import holding


def group(  # noqa: PLR0913  a stage's arguments are its reads and its params
    scored: pl.DataFrame,
    labels: pl.DataFrame,
    markets: pl.DataFrame,
    audits: pl.DataFrame,
    dt: date,
    seed: int,
    embargo_s: int,
) -> pl.DataFrame:
    """Groups whose last answer became known on a day, as one question with many answers; no figure of one that stands on a broken rule."""
    held = holding(scored, labels)
    return withheld_groups(group_scores(held, labels, markets, dt, seed, embargo_s), held, audits)
