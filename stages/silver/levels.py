"""Books replayed for their levels alone."""

from collections.abc import Iterator

import polars as pl

from lakeflow.market.replayed import Made, replayed


def after_events(
    orders: Iterator[pl.DataFrame], definition: pl.DataFrame, status: pl.DataFrame
) -> Iterator[Made]:
    """Ten levels a side after every event that changed them."""
    for made in replayed(orders, definition, status, venues=False, leveled=True):
        if "mbp" in made:
            yield {"mbp": made["mbp"]}
