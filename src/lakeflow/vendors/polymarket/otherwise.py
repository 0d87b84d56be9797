"""What two answers say otherwise of one thing at one instant: one row can be kept, and the other is named."""

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.shapes import SHAPES

KEYS = {
    "sightings": "condition_id",
    "open_interest": "condition_id",
    "rest_books": "token_id",
    "trading_terms": "condition_id",
}
TOGETHER = {"event_ids", "tags"}  # each event lists its markets as if there were no other


class Asked(NamedTuple):
    """What comes with every row of an answer: when it was observed, the listing that it is a page of, and by which recorder."""

    observed: int
    listing: str
    capture: str = ""
    again: int = 0  # how often its page had been told before


def said_otherwise(name: str, rows: pl.DataFrame) -> Iterator[faults.Fault]:
    """Rows of a table that say something else than the first of the same thing and instant."""
    said = pl.struct(column for column in SHAPES[name] if column not in TOGETHER)
    first = said.first().over(KEYS[name], "ts_observed")
    others = rows.filter(said.ne_missing(first))
    for observed, listing, capture, _, _, *row in others.iter_rows():
        told = dict(zip(SHAPES[name], row, strict=True))
        detail = f"{told[KEYS[name]]} was said otherwise at the same instant"
        yield faults.Fault(name, faults.REPEATED, detail, observed, capture, listing, faults.text(told))
