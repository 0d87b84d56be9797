"""Changes of books that were not known: they change nothing, and are counted."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from lakeflow.vendors.polymarket import faults, stepping
from lakeflow.vendors.polymarket.changes import LEVEL
from lakeflow.vendors.polymarket.compiled import Bytes


def ignored(ops: pl.DataFrame, verdict: Bytes) -> pl.DataFrame:
    """How many changes of each token came while its book was not known, and since when; a message's verdict is that of its last change."""
    last = np.flatnonzero(ops["ends"].to_numpy())
    of_message = verdict[last[np.searchsorted(last, np.arange(ops.height))]]
    is_lost = (pl.col("op") == LEVEL) & pl.Series(of_message == stepping.NOT_BEGUN, dtype=pl.Boolean)
    return (
        ops.filter(is_lost)
        .group_by("token_id")
        .agg(changes=pl.len(), first=pl.col("ts_recv").min().dt.epoch("ns"))
        .sort("token_id")
    )


def counted(lost: pl.DataFrame) -> Iterator[faults.Fault]:
    """A row for each token."""
    for token, changes, first in lost.iter_rows():
        detail = f"{changes} changes while no book was known; book_events has them"
        yield faults.Fault("book_tops", faults.BOOK_NOT_BEGUN, detail, first, "", token, "")
