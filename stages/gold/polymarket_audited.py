"""What every audit so far found."""

from datetime import date

import polars as pl


def keep(audits: pl.DataFrame, before: pl.DataFrame | None, dt: date) -> pl.DataFrame:
    """The audits of all days up to this one: a forecast is counted when its answer comes, however long ago it was made."""
    today = audits.select(pl.lit(dt).alias("day"), pl.all())
    every = today if before is None else pl.concat([before.select(today.columns), today])
    return every.sort("day", "check_id")
