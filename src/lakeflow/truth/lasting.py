"""Flags that are a matter of time: they hold, or become known, in seconds in which no quote says so."""

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Bools, Ints
from lakeflow.truth.fills import touched
from lakeflow.truth.session import SECOND, Session, times_ns

CROSSED_PERSIST, PX_JUMP, PX_MOVE, AFTER_SNAPSHOT = (1 << bit for bit in (1, 4, 5, 22))
SETTLES = 5 * SECOND


def lasting(bbo: pl.DataFrame, ofi: pl.DataFrame, session: Session) -> pl.Series:
    """Every second that a book was crossed in for over a second, or a snapshot's; what was known of jumps in the second itself."""
    taken, gone, stayed = (known(ofi, name) for name in ("ts_snapshot", "ts_px_jump", "ts_px_move"))
    inside = {
        CROSSED_PERSIST: touched(*persisting(bbo), session),
        PX_JUMP: touched(gone, gone + 1, session),
        PX_MOVE: touched(stayed, stayed + 1, session),
        AFTER_SNAPSHOT: touched(taken, taken + SETTLES, session),
    }
    out = np.zeros(session.rows, np.uint32)
    for bit, seconds in inside.items():
        out[seconds] |= np.uint32(bit)
    return pl.Series(out)


def known(ofi: pl.DataFrame, name: str) -> Ints:
    return times_ns(ofi[name].drop_nulls())


def persisting(bbo: pl.DataFrame) -> tuple[Ints, Ints]:
    """From when on a book had been crossed for over a second, and when it was no longer crossed; the last to the end of time."""
    starts, ends = runs(bbo.select(is_crossed=pl.col("bid_price") > pl.col("ask_price"))["is_crossed"])
    clock = np.append(receipt(bbo), np.iinfo(np.int64).max) if len(starts) else np.zeros(0, np.int64)
    since, until = clock[starts] + SECOND + 1, clock[ends]
    lasts = since < until
    return since[lasts], until[lasts]


def runs(holds: pl.Series) -> tuple[Ints, Ints]:
    """The first row of each run of rows that hold, and the row behind its last. Null does not hold."""
    true: Bools = holds.fill_null(value=False).to_numpy()
    edges = np.flatnonzero(np.diff(true, prepend=False, append=False))
    return edges[::2], edges[1::2]


def receipt(bbo: pl.DataFrame) -> Ints:
    """When each row was received, never before one above it, nor before the second that it counts in."""
    return np.maximum(np.maximum.accumulate(times_ns(bbo["ts_recv"])), times_ns(bbo["ts_second"]))
