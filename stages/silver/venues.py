"""A share's books of several venues replayed: measured as one book, and the best of each venue."""

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
    """What stages.silver.replay measures, of the venues' books added up, and the best of each venue."""
    yield from replayed(
        orders, definition, status, venues=True, leveled=False, tick=usual_tick(symbol, ticks)
    )
