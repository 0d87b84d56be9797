"""Emptying a side or a book: order by order, so that it costs what is there and nothing else."""

import numpy as np
from numba import njit

from lakeflow.market.bits import ONE
from lakeflow.market.image import note_change, put_nothing
from lakeflow.market.index import strike
from lakeflow.market.ladder import vacate
from lakeflow.market.search import BEST, level_from
from lakeflow.market.state import (
    AGGREGATE,
    BACK,
    BEHIND,
    BOOK,
    COUNT,
    FREE_ORDER,
    FRONT,
    ID,
    LEVELS,
    ORDER,
    ORDERS_LIVE,
    RUNGS,
    SHOWN,
    SUMS,
    SUSPECT,
    TOTAL,
)

ZERO, TWO = np.uint64(0), np.uint64(2)


@njit(nogil=True, error_model="numpy")
def clear(state, book):
    """Take every order out of a book; after that it is not suspect."""
    clear_side(state, book * TWO)
    clear_side(state, book * TWO + ONE)
    state.books[book * BOOK + SUSPECT] = 0


@njit(nogil=True, error_model="numpy")
def clear_side(state, ladder):
    """Take every order out of one side."""
    level = level_from(state, ladder, BEST)
    while level != ZERO:
        _clear_level(state, ladder, level)
        vacate(state, ladder, level)
        level = level_from(state, ladder, BEST)
    place, shown = ZERO, np.uint64(state.ladders[ladder * RUNGS + SHOWN])
    while place < shown:
        put_nothing(state, ladder, place)
        note_change(state, ladder, place)
        place += ONE
    state.ladders[ladder * RUNGS + SHOWN] = 0


@njit(nogil=True, error_model="numpy")
def _clear_level(state, ladder, level):
    """Free the slots of a queue; the level's own columns are as if nobody had ever rested there."""
    row = level * LEVELS
    slot = np.uint64(state.levels[row + FRONT])
    while slot != ZERO:
        order = slot * ORDER
        behind = np.uint64(state.orders[order + BEHIND])
        if state.orders[order + AGGREGATE] == 0:
            strike(state, ladder >> ONE, state.ids[slot * ID], slot)
        state.orders[order + BEHIND] = state.counts[FREE_ORDER]
        state.counts[FREE_ORDER] = slot
        state.counts[ORDERS_LIVE] -= ONE
        slot = behind
    state.levels[row + FRONT] = ZERO
    state.levels[row + BACK] = ZERO
    state.levels[row + COUNT] = ZERO
    state.sums[level * SUMS + TOTAL] = 0
