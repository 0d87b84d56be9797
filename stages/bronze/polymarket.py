"""Polymarket shards as bronze tables: every line in one of them or in quarantine, its text untouched."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from lakeflow.vendors.polymarket.shards import day_rows


def capture(files: Sequence[Path], as_of: str) -> Iterator[dict[str, pl.DataFrame]]:
    """A day's shards in; fetches, frames, rows of the archive and quarantine out.

    With `as_of`, an instant with its zone, nothing that was observed later gets into the lake, nor into what follows.
    """
    for table, rows in day_rows(files, _instant(as_of)):
        yield {table: rows}


def _instant(text: str) -> datetime | None:
    """The instant of a text such as 2026-01-05T12:00:00+00:00; None of an empty one."""
    if not text:
        return None
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"as_of: expected an instant with its zone, such as {text}+00:00, found {text}")
    return found
