"""Spans of a session in which flows of 0 say nothing: halts and auctions by the venue's status, and what was not delivered."""

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.market.circumstances import AUCTION, HALTED, Circumstances
from lakeflow.truth.session import DAY_NS, SECOND, TIME, Session

KINDS = {"halt": HALTED, "auction": AUCTION}


class Span(NamedTuple):
    start: int
    end: int
    kind: str


class Delivered(NamedTuple):
    """The UTC days, since 1970, that there are events of, and from when to when each file holds its day."""

    days: Collection[int]
    stretches: Collection["Stretch"] = ()


class Stretch(NamedTuple):
    """Of one UTC day, of one of the vendor's datasets; an empty one is at the day's midnight."""

    start: int
    end: int
    dataset: str


def spans(around: Circumstances, delivered: Delivered, session: Session) -> pl.DataFrame:
    """`around` says from when on which flags hold."""
    missing, beyond = of_missing(delivered.days, session), of_uncovered(delivered.stretches, session)
    found = [*of_status(around, session), *missing, *beyond]
    columns = {
        "ts_start": pl.Series([each.start for each in found], dtype=pl.Int64).cast(TIME),
        "ts_end": pl.Series([each.end for each in found], dtype=pl.Int64).cast(TIME),
        "kind": pl.Series([each.kind for each in found], dtype=pl.String),
    }
    return pl.DataFrame(columns)


def of_status(around: Circumstances, session: Session) -> Iterator[Span]:
    """What holds last holds to the close."""
    since, bits = around.since, around.flags
    until = np.append(since[1:], session.close_ns)
    for kind, bit in KINDS.items():
        holds = bits & bit != 0
        starts = np.maximum(since[holds], session.open_ns).tolist()
        ends = np.minimum(until[holds], session.close_ns).tolist()
        yield from (Span(start, end, kind) for start, end in zip(starts, ends, strict=True) if start < end)


def of_missing(days: Collection[int], session: Session) -> Iterator[Span]:
    """The parts of the session on days without an event: of a day that was delivered there is at least the snapshot."""
    midnights = [session.open_ns + second * SECOND for second in session.midnights]
    for start, end in pairwise([session.open_ns, *midnights, session.close_ns]):
        if start // DAY_NS not in days:
            yield Span(start, end, "gap")


def of_uncovered(stretches: Collection[Stretch], session: Session) -> Iterator[Span]:
    """The parts of a delivered day that a dataset's files do not hold: they were not asked for so far, or cut by a limit."""
    by_day: dict[tuple[int, str], list[Stretch]] = {}
    for each in sorted(stretches):
        by_day.setdefault((each.start // DAY_NS, each.dataset), []).append(each)
    for (day, _), held in by_day.items():
        reached = max(day * DAY_NS, session.open_ns)
        last = min((day + 1) * DAY_NS, session.close_ns)
        for start, end in [*((each.start, each.end) for each in held), (last, last)]:
            if reached < min(start, last):
                yield Span(reached, min(start, last), "gap")
            reached = max(reached, end)
