"""What was known of each market at a day's end, and how it ended."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.evidence import SOURCES, evidence
from lakeflow.forecast.tables.groups import groups
from lakeflow.forecast.tables.labels import labels
from lakeflow.forecast.tables.news import news
from lakeflow.forecast.tables.places import aligned
from lakeflow.forecast.tables.versions import tokens, versions


def history(  # noqa: PLR0913  a stage's arguments are its reads and its date
    sightings: pl.LazyFrame,
    resolution_events: pl.DataFrame,
    endings: pl.DataFrame,
    before: pl.DataFrame | None,
    told: pl.DataFrame | None,
    labelled: pl.DataFrame | None,
    dt: date,
    sources: list[str] | None = None,
) -> dict[str, pl.DataFrame]:
    """The state at a day's end: versions of markets, groups, tokens, the last word of each source, and labels."""
    resolved, ended = (rows.drop("dt", strict=False) for rows in (resolution_events, endings))
    seen = aligned(news(sightings.drop("dt", strict=False)), before)
    markets = versions(seen, before)
    places = tokens(markets)
    said = evidence(seen, resolved, ended, places, told)
    found = labels(said, markets, seen, labelled, dt, sources or SOURCES)
    return {
        "markets": markets,
        "groups": groups(markets),
        "tokens": places,
        "evidence": said,
        "labels": found,
    }
