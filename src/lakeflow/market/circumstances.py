"""What holds around a book and is in no order of it, as flags by time: halts, auctions, and the prices that are allowed."""

from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from operator import or_
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from lakeflow.market.records import UNDEF_PRICE

PX_BAND, HALTED, AUCTION = 1 << 6, 1 << 20, 1 << 21
AUCTIONS = {1, 2, 4, 5, 6}  # pre-open, pre-cross, cross, rotation, new price indication
HALTS = {8, 9, 10, 15}  # halt, pause, suspend, not available
SAYS_NOTHING = {0, 14}  # no change; a change of the rules for short sales
LOWEST, HIGHEST = -(2**63), 2**63 - 2

Numbers = npt.NDArray[np.int64]


class Circumstances(NamedTuple):
    """From when on which flags hold, and between which prices the venue allows orders; nothing holds before the first."""

    since: Numbers
    flags: Numbers
    limited_since: Numbers
    low: Numbers
    high: Numbers


def circumstances(
    definition: pl.DataFrame, status: pl.DataFrame, instruments: Sequence[int]
) -> Circumstances:
    """What the day's status and definitions say of an instrument, each from its receipt on."""
    mine = pl.col("instrument_id").is_in(instruments)
    limits = definition.filter(mine).sort("ts_recv", "row")
    said = status.filter(mine & ~pl.col("action").is_in(SAYS_NOTHING)).sort("ts_recv", "row")
    pairs: list[tuple[int, int]] = said.select("publisher_id", "action").rows()
    before: dict[int, int] = {}
    return Circumstances(
        since=times(said),
        flags=np.array(
            [reduce(or_, phases.values(), 0) for phases in accumulate(pairs, phase_after, initial=before)],
            np.int64,
        ),
        limited_since=times(limits),
        low=stepped(limits["low_limit_price"], LOWEST),
        high=stepped(limits["high_limit_price"], HIGHEST),
    )


def phase_after(phases: dict[int, int], said: tuple[int, int]) -> dict[int, int]:
    """The phase of each publisher once one has said its own; a halt of one is a halt of what they add up to."""
    publisher, action = said
    return {**phases, publisher: HALTED if action in HALTS else AUCTION if action in AUCTIONS else 0}


def times(rows: pl.DataFrame) -> Numbers:
    """When rows were received, after a beginning of time."""
    return np.concatenate([[LOWEST], rows["ts_recv"].to_physical().to_numpy()])


def stepped(limits: pl.Series, none: int) -> Numbers:
    """Limits in turn, after none."""
    return np.array([none, *limits.fill_null(none)], np.int64)


def flags_at(around: Circumstances, received: Numbers, prices: Sequence[Numbers]) -> Numbers:
    """The flags that hold at each time, and whether any of the prices then is one that the venue does not allow."""
    flags = around.flags[np.searchsorted(around.since, received, side="right") - 1]
    if (around.low == LOWEST).all() and (around.high == HIGHEST).all():
        return flags
    when = np.searchsorted(around.limited_since, received, side="right") - 1
    low, high = around.low[when], around.high[when]
    for price in prices:
        beyond = ((price < low) | (price > high)) & (price != UNDEF_PRICE)
        flags = flags | np.where(beyond, PX_BAND, 0)
    return flags
