"""Scoreboards that an audit lets through."""

import polars as pl

from lakeflow.forecast.tables import boards
from lakeflow.forecast.tables.leaks import behind, broken, withheld
from lakeflow.forecast.tables.links import links
from lakeflow.forecast.tables.market_board import by_market
from lakeflow.forecast.tables.scored import holding


def publish(  # noqa: PLR0913  a stage's arguments are its reads and its params
    metrics: pl.DataFrame,
    scored: pl.DataFrame,
    recalibrated: pl.DataFrame,
    labels: pl.DataFrame,
    yardsticks: pl.DataFrame,
    audits: pl.DataFrame,
    markets: pl.DataFrame,
    addresses: list[str],
) -> dict[str, pl.DataFrame]:
    """The scoreboards; without a figure while a rule is broken on any day whose forecasts they count."""
    every = holding(pl.concat([scored, recalibrated.select(scored.columns)]), labels)
    blocked_by = broken(audits, behind(every))
    board = by_market(every, yardsticks, links(markets, addresses))
    return {
        "scoreboard_segment": withheld(boards.by_segment(metrics, every, yardsticks), blocked_by),
        "scoreboard_market": board.clear() if blocked_by else board,
    }
