"""What stood when a session opened: seen with its first event, though that changed nothing of it."""

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Bools
from lakeflow.truth.quotes import STANDING
from lakeflow.truth.session import SECOND, TIME, Session, times_ns

TIMES = ("ts_second", "ts_recv")
FLOWS = ("add", "cancel", "fill", "shift", "modified", "adds", "cancels", "fills", "modifies")


def with_standing(table: pl.DataFrame, session: Session, events: Bools) -> pl.DataFrame:
    """Rows of `bbo` or `depth`: the last one of before the open again in the first second with an event, if no row is there by then."""
    first, times = first_of(events, session), np.maximum.accumulate(times_ns(table["ts_second"]))
    before = int(np.searchsorted(times, session.open_ns))
    if not before or first is None:
        return table
    if before < len(times) and times[before] < session.open_ns + (first + 1) * SECOND:
        return table
    stood = again(table[before - 1], session, first)
    return pl.concat([table[:before], stood, table[before:]])


def flows_standing(flow: pl.DataFrame, session: Session, events: Bools) -> pl.DataFrame:
    """The same of `flow`, for each side and band: lots that rest, and none that came or went."""
    first, seconds = first_of(events, session), pl.Series(session.of(flow))
    if first is None:
        return flow
    parts = ["side", "band"]
    stood = flow.filter(seconds < 0).group_by(parts, maintain_order=True).last().select(flow.columns)
    told = flow.filter((seconds >= 0) & (seconds <= first)).select(parts).unique()
    none = [pl.col(name) * 0 for name in FLOWS if name in flow.columns]
    rest = again(stood.join(told, on=parts, how="anti"), session, first).with_columns(none)
    return pl.concat([flow, rest.cast(flow.schema)])


def first_of(events: Bools, session: Session) -> int | None:
    """The first second with an event; None where there is none, or only on another date, whose file begins with its own book."""
    date = events[: next(iter(session.midnights), session.rows)]
    return int(np.argmax(date)) if date.any() else None


def again(rows: pl.DataFrame, session: Session, second: int) -> pl.DataFrame:
    """Rows as they are in a later second: of their flags those that hold until another says otherwise."""
    when = pl.lit(session.open_ns + second * SECOND, pl.Int64).cast(TIME)
    held = [pl.lit(STANDING, pl.Int64)] if "flags" in rows.columns else []
    return rows.with_columns(
        *(when.alias(name) for name in TIMES if name in rows.columns),
        *((pl.col("flags").cast(pl.Int64) & each).cast(rows.schema["flags"]).alias("flags") for each in held),
    )
