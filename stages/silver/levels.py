"""Books replayed for their levels alone."""

from collections.abc import Iterator, Mapping

import polars as pl

from lakeflow.market.instrument import usual_tick
from lakeflow.market.replayed import Made, replayed


def after_events(
    orders: Iterator[pl.DataFrame],
    definition: pl.DataFrame,
    status: pl.DataFrame,
    symbol: str,
    ticks: Mapping[str, float],
) -> Iterator[Made]:
    """Ten levels a side after every event that changed them."""
    tick = usual_tick(symbol, ticks)
    for made in replayed(orders, definition, status, venues=False, leveled=True, tick=tick):
        if "mbp" in made:
            yield {"mbp": made["mbp"]}
