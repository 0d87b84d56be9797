"""A day's messages as books: what they were, and what of them cannot be believed."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from lakeflow.vendors.polymarket.replay import Day, replayed


def replay(  # noqa: PLR0913  a stage's arguments are its reads, its params and its date
    frames: pl.LazyFrame,
    archived: pl.LazyFrame,
    books: pl.DataFrame | None,
    before: pl.DataFrame | None,
    dt: date,
    *,
    silent_s: int,
    stale_s: int,
) -> Iterator[dict[str, pl.DataFrame]]:
    """Books rebuilt from what the recorders and the archive heard, with a verdict a row and every gap written down."""
    heard, hours = (rows.drop("dt", strict=False) for rows in (frames, archived))
    yield from replayed(heard, hours, Day(dt, silent_s, stale_s, books, before))
