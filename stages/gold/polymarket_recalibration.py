"""Scored prices as maps of the past would have made them."""

import polars as pl

from lakeflow.forecast.tables.recalibrated import recalibrated


def recalibrate(scored: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    """The day's scored prices by maps of labels that were known before each cutoff, and of other clusters."""
    return recalibrated(scored, past)
