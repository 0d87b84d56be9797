"""Scoreboards that an audit lets through."""

import polars as pl

from lakeflow.forecast.tables import boards
from lakeflow.forecast.tables.leaks import refuse_leaks
from lakeflow.forecast.tables.scored import holding


def publish(
    metrics: pl.DataFrame,
    scored: pl.DataFrame,
    recalibrated: pl.DataFrame,
    labels: pl.DataFrame,
    leakage_audit: pl.DataFrame,
    with_up_down: bool,
) -> dict[str, pl.DataFrame]:
    """The scoreboards, or nothing at all while the audit of the day has a violation."""
    refuse_leaks(leakage_audit)
    every = holding(pl.concat([scored, recalibrated.select(scored.columns)]), labels)
    return {
        "scoreboard_segment": boards.by_segment(metrics, every, with_up_down=with_up_down),
        "scoreboard_market": boards.by_market(every),
    }
