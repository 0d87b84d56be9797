"""The rules against looking ahead, held against a day."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables import audit as rules
from lakeflow.forecast.tables import counts_held, sources_held
from lakeflow.forecast.tables.costed_again import forecasts
from lakeflow.forecast.tables.last_words import heard
from lakeflow.forecast.tables.yardsticks import FORECASTER


def audit(  # noqa: PLR0913, PLR0917  a stage's arguments are its reads and its params
    snapshots: pl.DataFrame,
    scored: pl.DataFrame,
    markets: pl.DataFrame,
    labels: pl.DataFrame,
    book_gaps: pl.DataFrame,
    price_points: pl.DataFrame,
    rest_books: pl.DataFrame,
    attrition: pl.DataFrame,
    recalibrated: pl.DataFrame,
    past: pl.LazyFrame,
    yardsticks: pl.DataFrame,
    told: pl.LazyFrame,
    waited: pl.DataFrame,
    lookbacks: pl.DataFrame,
    unscored: pl.DataFrame,
    evidence: pl.DataFrame,
    taken: pl.DataFrame,
    book_tops: pl.LazyFrame,
    book_events: pl.LazyFrame,
    trades: pl.DataFrame,
    last_trades: pl.DataFrame,
    open_interest: pl.DataFrame,
    marks: pl.DataFrame,
    fetch_ledger: pl.DataFrame,
    dt: date,
    embargo_s: int,
    tte_borders_s: list[int],
    with_up_down: bool,
    as_of: str,
) -> pl.DataFrame:
    """Every rule against looking ahead and every value against its source, with the rows that break it."""
    known = past.filter(pl.col("forecaster") == FORECASTER)
    at = rules.Looked(
        snapshots, scored, markets, labels, book_gaps, price_points, rest_books, attrition, recalibrated,
        known.select(rules.LEARNT).collect(), dt, embargo_s, yardsticks, told.select(rules.TOLD).collect(), waited, tte_borders_s, with_up_down, as_of,
    )  # fmt: skip
    said = heard(
        markets,
        book_tops,
        book_events,
        rest_books,
        trades,
        last_trades,
        price_points,
        open_interest,
        fetch_ledger,
    )
    asked = forecasts(scored, told, waited.filter(pl.col("dt") < dt))
    learnt = known.select(sources_held.LEARNT).collect()
    held = sources_held.checks(at, said, asked, learnt, marks)
    counts = counts_held.checks(at, counts_held.Counted(lookbacks, unscored, evidence, taken), said)
    return pl.concat([rules.audit(at), rules.told(held), rules.told(counts)])
