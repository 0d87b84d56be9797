"""Groups of which one wins, and ladders of thresholds, each scored as one question."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables import undecided
from lakeflow.forecast.tables.group_scores import OF, group_scores
from lakeflow.forecast.tables.ladders import shares, sharing
from lakeflow.forecast.tables.leaks import withheld_groups
from lakeflow.forecast.tables.scored import holding
from lakeflow.forecast.tables.thresholds import ladder_scores, on_ladders, standing


def group(  # noqa: PLR0913, PLR0917  a stage's arguments are its reads and its params
    scored: pl.DataFrame,
    waiting: pl.LazyFrame,
    snapshots: pl.LazyFrame,
    lookbacks: pl.LazyFrame,
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
    grouped = sharing(markets, shared)
    made = pl.concat([rows.select(undecided.MADE) for rows in (snapshots, lookbacks)])
    told = undecided.Told(waiting, scored, made)
    no_answer = undecided.forecasts(told, labels, together(grouped), dt, embargo_s)
    in_groups = pl.concat([sharing(held, shared).select(undecided.NEEDED), no_answer])
    one_wins = group_scores(in_groups, labels, grouped, dt, seed, embargo_s)
    rungs = on_ladders(pl.concat([held.select(undecided.NEEDED), no_answer]), markets)
    ladders = ladder_scores(rungs, labels, markets, dt, seed, embargo_s)
    return pl.concat(
        [withheld_groups(one_wins, in_groups, audits), withheld_groups(ladders, rungs, audits)]
    ).sort(OF)


def together(markets: pl.DataFrame) -> pl.DataFrame:
    """Which markets are one question with others: members of a group of which one wins, or rungs of a ladder."""
    last = markets.sort("ts_valid_from").unique("condition_id", keep="last", maintain_order=True)
    rungs = standing(markets).select("condition_id", group_id="member_of")
    return pl.concat([last.select("condition_id", "group_id").drop_nulls(), rungs])
