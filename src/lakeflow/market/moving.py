"""Every book and every resting order put into another state, in the order of their queues: how books grow and move their windows."""

import numpy as np
from numba import njit

from lakeflow.market.bits import ONE
from lakeflow.market.index import shelve
from lakeflow.market.queue import join, new_order
from lakeflow.market.search import BEST, level_below, level_from
from lakeflow.market.state import (
    AGGREGATE,
    BEHIND,
    BOOK,
    BOOKS_USED,
    FRONT,
    ID,
    KEY,
    LEVELS,
    NAME,
    ORDER,
    RUNGS,
    SIZE,
    SNAPSHOT_DAY,
    SUMS,
    TICK,
)
from lakeflow.market.ladder import key_of

ZERO, TWO, SIX = np.uint64(0), np.uint64(2), np.uint64(6)


@njit(cache=True, nogil=True, error_model="numpy")
def open_book(state, name, tick):
    """Make room on the shelf for a book that has not been seen; there must be some."""
    book = state.counts[BOOKS_USED]
    state.counts[BOOKS_USED] += ONE
    shelve(state, name, book)
    state.books[book * BOOK + SNAPSHOT_DAY] = -1
    for ladder in (book * TWO, book * TWO + ONE):
        state.ladders[ladder * RUNGS + TICK] = tick
        state.inverses[ladder] = 1.0 / tick


@njit(cache=True, nogil=True, error_model="numpy")
def move(old, new):
    """Fill a fresh state with what another one holds; its windows lie around the best prices of now."""
    for n in range(old.counts[BOOKS_USED]):
        book = np.uint64(n)
        open_book(new, np.uint64(old.books[book * BOOK + NAME]), old.ladders[book * TWO * RUNGS + TICK])
        move_side(old, new, book * TWO)
        move_side(old, new, book * TWO + ONE)
        for column in range(BOOK):
            new.books[book * BOOK + column] = old.books[book * BOOK + column]
        width = SIX * old.depth + SIX
        for column in range(width):
            new.told[book * width + column] = old.told[book * width + column]


@njit(nogil=True, error_model="numpy")
def move_side(old, new, ladder):
    level = level_from(old, ladder, BEST)
    while level != ZERO:
        price = key_of(ladder, old.sums[level * SUMS + KEY])
        slot = np.uint64(old.levels[level * LEVELS + FRONT])
        while slot != ZERO:
            order = slot * ORDER
            aggregate = np.uint64(old.orders[order + AGGREGATE])
            there = new_order(new, ladder >> ONE, old.ids[slot * ID], aggregate)
            join(new, ladder, price, there, np.uint64(old.orders[order + SIZE]))
            slot = np.uint64(old.orders[order + BEHIND])
        level = level_below(old, ladder, old.sums[level * SUMS + KEY])
