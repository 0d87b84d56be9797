"""Groups of which one wins, and ladders of thresholds, each scored as one question."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables import twice_won
from lakeflow.forecast.tables.group_scores import OF, group_scores
from lakeflow.forecast.tables.ladders import shares, sharing
from lakeflow.forecast.tables.leaks import withheld_groups
from lakeflow.forecast.tables.scored import holding
from lakeflow.forecast.tables.thresholds import ladder_scores, on_ladders


def group(  # noqa: PLR0913  a stage's arguments are its reads and its params
    scored: pl.DataFrame,
    waiting: pl.LazyFrame,
    labels: pl.DataFrame,
    markets: pl.DataFrame,
    audits: pl.DataFrame,
    dt: date,
    seed: int,
    embargo_s: int,
) -> pl.DataFrame:
    """Groups and ladders whose last answer became known on a day, as one question each; no figure of one that stands on a broken rule."""
    held = holding(scored, labels)
    shared = shares(markets)
    twice = twice_won.forecasts(waiting, scored, labels, markets, dt, embargo_s)
    in_groups = pl.concat([sharing(held, shared).select(twice_won.NEEDED), twice])
    one_wins = group_scores(in_groups, labels, sharing(markets, shared), dt, seed, embargo_s)
    rungs = on_ladders(held, markets)
    ladders = ladder_scores(rungs, labels, markets, dt, seed, embargo_s)
    return pl.concat(
        [withheld_groups(one_wins, in_groups, audits), withheld_groups(ladders, rungs, audits)]
    ).sort(OF)
