"""What of a day should be in the lake, and is."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.completeness import Kept, completeness
from lakeflow.vendors.polymarket.asked import asked_for_trades


def complete(  # noqa: PLR0913, PLR0917  a stage's arguments are its reads and its params
    markets: pl.DataFrame,
    fetch_ledger: pl.DataFrame,
    sightings: pl.DataFrame,
    price_points: pl.DataFrame,
    book_gaps: pl.DataFrame,
    book_events: pl.LazyFrame,
    rest_books: pl.DataFrame,
    open_interest: pl.DataFrame,
    evidence: pl.DataFrame,
    labels: pl.DataFrame,
    dt: date,
) -> pl.DataFrame:
    """What of a day should be there, what is, and until when the rest can still be had.

    A service that is asked on the day after tells of the day too, so its requests for trades count; answers are the day's own.
    """
    asked = asked_for_trades(fetch_ledger).select("condition_id")
    fed = book_events.select("token_id").unique().collect()
    return completeness(
        Kept(
            fetch_ledger.filter(pl.col("dt") == dt), markets, sightings, price_points, book_gaps, labels, evidence, open_interest, asked, fed,
            rest_books, dt,
        )
    )  # fmt: skip
