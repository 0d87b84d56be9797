"""Scoreboards that an audit lets through."""

import polars as pl

from lakeflow.forecast.tables import boards
from lakeflow.forecast.tables.leaks import behind, broken, withheld
from lakeflow.forecast.tables.scored import holding


def publish(
    metrics: pl.DataFrame,
    scored: pl.DataFrame,
    recalibrated: pl.DataFrame,
    labels: pl.DataFrame,
    yardsticks: pl.DataFrame,
    audits: pl.DataFrame,
) -> dict[str, pl.DataFrame]:
    """The scoreboards; without a figure while a rule is broken on any day whose forecasts they count."""
    every = holding(pl.concat([scored, recalibrated.select(scored.columns)]), labels)
    blocked_by = broken(audits, behind(every))
    markets = boards.by_market(every)
    return {
        "scoreboard_segment": withheld(boards.by_segment(metrics, every, yardsticks), blocked_by),
        "scoreboard_market": markets.clear() if blocked_by else markets,
    }
