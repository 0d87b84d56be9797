"""One pass over order records: every book kept, and what changed in it told when its event ends."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from lakeflow.market.actions import add, cancel, modify
from lakeflow.market.aggregates import replace_side, set_level
from lakeflow.market.anomalies import BAD_SIDE, IMPLICIT_CLEAR, MAYBE_BAD_BOOK, UNKNOWN_ACTION, UNKNOWN_FILL
from lakeflow.market.bits import ONE
from lakeflow.market.clearing import clear
from lakeflow.market.index import book_of, slot_of
from lakeflow.market.records import (
    ACTION_SHIFT,
    ADD,
    ASK,
    BID,
    BYTE,
    CANCEL,
    CLEAR,
    F_LAST,
    F_MAYBE_BAD_BOOK,
    F_MBP,
    F_SNAPSHOT,
    F_TOB,
    FILL,
    FLAGS_SHIFT,
    HEAD,
    ID,
    KEY_SHIFT,
    MODIFY,
    NOTHING,
    PRICE,
    RECEIVED,
    SIDE_SHIFT,
    SIZE_MASK,
    TAIL,
    TRADE,
    WORDS,
)
from lakeflow.market.state import (
    BOOK,
    FREE_LEVEL,
    LEVELS_USED,
    ORDERS_LIVE,
    SNAPSHOT_DAY,
    STOPPED,
    SUSPECT,
)
from lakeflow.market.telling import tell

ZERO = np.uint64(0)
DAY_NS = np.uint64(86_400_000_000_000)

# Why a pass stops before a record: what there is no room for.
DONE, NO_BOOK, NO_ORDER, NO_LEVEL = (np.uint64(n) for n in range(4))


class Told(NamedTuple):
    """What a pass writes, as rows of words; `rows` counts those of each, and a table of no rows is not written."""

    touch: npt.NDArray[np.int64]
    depth: npt.NDArray[np.int64]
    wrong: npt.NDArray[np.int64]
    rows: npt.NDArray[np.uint64]


@njit(cache=True, nogil=True, error_model="numpy")
def replay(words, start, seen, state, out_told):
    """Apply the records from `start` on and say how far it came; `seen` is the number of the first in its stream.

    It stops early, before a record and with the reason in `state.counts[STOPPED]`, where the state has to grow.
    """
    records = np.uint64(len(words)) // WORDS
    orders = np.uint64(len(state.index)) >> ONE
    name, book = ZERO - ONE, ZERO
    state.counts[STOPPED] = DONE
    for n in range(start, records):
        at = n * WORDS
        if words[at + HEAD] >> KEY_SHIFT != name:
            name = words[at + HEAD] >> KEY_SHIFT
            book = book_of(state, name)
            if book + ONE == ZERO:
                state.counts[STOPPED] = NO_BOOK
                return n
        if state.counts[ORDERS_LIVE] + ONE >= orders:
            state.counts[STOPPED] = NO_ORDER
            return n
        if state.counts[LEVELS_USED] == state.outside and state.counts[FREE_LEVEL] == ZERO:
            state.counts[STOPPED] = NO_LEVEL
            return n
        wrong = apply(state, book, words, at)
        if wrong != ZERO:
            row = out_told.rows[2] * np.uint64(3)
            out_told.wrong[row] = np.int64(seen + n)
            out_told.wrong[row + ONE] = np.int64(book)
            out_told.wrong[row + ONE + ONE] = np.int64(wrong)
            out_told.rows[2] += ONE
        if (words[at + TAIL] >> FLAGS_SHIFT) & F_LAST != ZERO:
            tell(state, book, words, at, seen + n, out_told)
    return records


@njit(nogil=True, error_model="numpy")
def apply(state, book, words, at):
    """Do what one record says; what is wrong with it comes back as bits."""
    tail = words[at + TAIL]
    action, wrong = (tail >> ACTION_SHIFT) & BYTE, ZERO
    if action == ADD or action == CANCEL or action == MODIFY:
        side = tail >> SIDE_SHIFT
        wrong = change(state, book, words, at) if side == BID or side == ASK else BAD_SIDE
    elif action == CLEAR:
        clear(state, book)
        state.books[book * BOOK + SNAPSHOT_DAY] = np.int64(words[at + RECEIVED] // DAY_NS)
    elif action == FILL:
        wrong = UNKNOWN_FILL if slot_of(state, book, words[at + ID]) == ZERO else ZERO
    elif action != TRADE and action != NOTHING:
        wrong = UNKNOWN_ACTION
    if (tail >> FLAGS_SHIFT) & F_MAYBE_BAD_BOOK != ZERO:
        state.books[book * BOOK + SUSPECT] = 1
        wrong |= MAYBE_BAD_BOOK
    return wrong


@njit(nogil=True, error_model="numpy")
def change(state, book, words, at):
    """Do an add, a cancel or a modify, each in the way that its flags ask for."""
    tail = words[at + TAIL]
    action, flags, size = (tail >> ACTION_SHIFT) & BYTE, (tail >> FLAGS_SHIFT) & BYTE, tail & SIZE_MASK
    ladder = book + book + (ONE if tail >> SIDE_SHIFT == ASK else ZERO)
    price, order_id = np.int64(words[at + PRICE]), words[at + ID]
    wrong = ZERO
    if flags & F_SNAPSHOT != ZERO and action == ADD:
        wrong = begin_snapshot(state, book, words[at + RECEIVED])
    else:
        state.books[book * BOOK + SNAPSHOT_DAY] = -1
    if flags & (F_TOB | F_MBP) != ZERO:
        if flags & F_TOB != ZERO and action != CANCEL:
            return wrong | replace_side(state, ladder, price, size)
        return wrong | set_level(state, ladder, action, price, size)
    if action == ADD:
        return wrong | add(state, ladder, order_id, price, size)
    if action == CANCEL:
        return wrong | cancel(state, ladder, order_id, price, size)
    return wrong | modify(state, ladder, order_id, price, size)


@njit(nogil=True, error_model="numpy")
def begin_snapshot(state, book, received):
    """Clear before the first add of a snapshot that brings no clear of its own, as files before February 2024 do."""
    day = np.int64(received // DAY_NS)
    row = book * BOOK + SNAPSHOT_DAY
    if state.books[row] == day:
        return ZERO
    state.books[row] = day
    clear(state, book)
    return IMPLICIT_CLEAR
