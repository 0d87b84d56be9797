"""A contract's book replayed: quotes, levels, trades, flows, imbalance, moves and anomalies."""

from collections.abc import Iterator, Mapping

import polars as pl

from lakeflow.market.instrument import usual_tick
from lakeflow.market.replayed import Made, replayed


def tables(
    orders: Iterator[pl.DataFrame],
    definition: pl.DataFrame,
    status: pl.DataFrame,
    symbol: str,
    ticks: Mapping[str, float],
) -> Iterator[Made]:
    """Everything that is measured of one instrument's book; levels after every event are stages.silver.levels."""
    yield from replayed(
        orders, definition, status, venues=False, leveled=False, tick=usual_tick(symbol, ticks)
    )
