"""A share's books of several venues replayed: measured as one book, and the best of each venue."""

from collections.abc import Iterator

import polars as pl

from lakeflow.market.replayed import Made, replayed


def tables(orders: Iterator[pl.DataFrame], definition: pl.DataFrame, status: pl.DataFrame) -> Iterator[Made]:
    """What stages.silver.replay measures, of the venues' books added up, and the best of each venue."""
    yield from replayed(orders, definition, status, venues=True, leveled=False)
