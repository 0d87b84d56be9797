"""A day's messages as books: what they were, and what of them cannot be believed."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from lakeflow.vendors.polymarket.replay import replayed


def replay(
    frames: pl.LazyFrame, archived: pl.LazyFrame, dt: date, silent_s: int
) -> Iterator[dict[str, pl.DataFrame]]:
    """Books rebuilt from what the recorders and the archive heard, with a verdict a row and every gap written down."""
    yield from replayed(frames, archived, dt, silent_s)
