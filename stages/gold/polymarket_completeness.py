"""What of a day should be in the lake, and is."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.completeness import completeness


def complete(  # noqa: PLR0913  a stage's arguments are its reads and its params
    markets: pl.DataFrame,
    fetch_ledger: pl.DataFrame,
    sightings: pl.DataFrame,
    price_points: pl.DataFrame,
    book_gaps: pl.DataFrame,
    book_events: pl.LazyFrame,
    labels: pl.DataFrame,
    dt: date,
) -> pl.DataFrame:
    """What of a day should be there, what is, and until when the rest can still be had."""
    heard = book_events.select(pl.len()).collect().item()
    return completeness(fetch_ledger, markets, sightings, price_points, book_gaps, labels, heard, dt)
