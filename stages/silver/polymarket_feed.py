"""A day's messages as books: what they were, and what of them cannot be believed."""

from datetime import date

import polars as pl

from lakeflow.vendors.polymarket.archive import as_frames
from lakeflow.vendors.polymarket.replay import replayed


def replay(frames: pl.DataFrame, archived: pl.DataFrame, dt: date, silent_s: int) -> dict[str, pl.DataFrame]:
    """Books rebuilt from what the recorders and the archive heard, with a verdict a row and every gap written down."""
    return replayed(pl.concat([frames, as_frames(archived, frames.height)]), dt, silent_s)
