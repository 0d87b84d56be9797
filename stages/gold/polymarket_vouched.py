"""The days that scoreboards stand on, or a run that fails because one of them breaks a rule."""

import polars as pl

from lakeflow.forecast.tables.leaks import behind, broken, refuse_leaks
from lakeflow.forecast.tables.scored import holding


def vouch(scored: pl.DataFrame, labels: pl.DataFrame, audits: pl.DataFrame) -> pl.DataFrame:
    """The days that the scoreboards stand on, each with the checks that it passed; fails where one broke a rule."""
    days = behind(holding(scored, labels))
    refuse_leaks(audits, broken(audits, days))
    held = audits.filter(pl.col("day").is_in(list(days)))
    return (
        held.group_by("day")
        .agg(checks=pl.len().cast(pl.Int64), rows_checked=pl.col("rows_checked").sum())
        .sort("day")
    )
