"""Databento deliveries as bronze tables: every record of a day in exactly one of the tables or in rejects."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from lakeflow.vendors.databento.delivered import Delivered
from lakeflow.vendors.databento.delivery import Delivery


def normalise(
    files: Sequence[Path], symbol: str, dt: date, product_type: str
) -> Iterator[dict[str, pl.DataFrame | int]]:
    """A parent's delivery in; orders by contract, definition, statistics, status, trades and rejects out, as they are read."""
    delivery = Delivery(product_type, symbol, dt.isoformat())
    yield from Delivered(files, delivery, origin=f"{__name__}.normalise").tables()
