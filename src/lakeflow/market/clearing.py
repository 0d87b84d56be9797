"""Emptying a side or a book: order by order, so that it costs what is there and nothing else."""

import numpy as np

from lakeflow.market.image import note_change, put_nothing
from lakeflow.market.index import strike
from lakeflow.market.ladder import vacate
from lakeflow.market.machine import ONE, TWO, ZERO, piece
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


@piece
def clear(memory, book):
    """Take every order out of a book; after that it is not suspect."""
    clear_side(memory, book * TWO)
    clear_side(memory, book * TWO + ONE)
    memory.books[book * BOOK + SUSPECT] = 0


@piece
def clear_side(memory, ladder):
    """Take every order out of one side."""
    level = level_from(memory, ladder, BEST)
    while level != ZERO:
        _clear_level(memory, ladder, level)
        vacate(memory, ladder, level)
        level = level_from(memory, ladder, BEST)
    place, shown = ZERO, np.uint64(memory.ladders[ladder * RUNGS + SHOWN])
    while place < shown:
        put_nothing(memory, ladder, place)
        note_change(memory, ladder, place)
        place += ONE
    memory.ladders[ladder * RUNGS + SHOWN] = 0


@piece
def _clear_level(memory, ladder, level):
    """Free the slots of a queue; the level's own columns are as if nobody had ever rested there."""
    row = level * LEVELS
    slot = np.uint64(memory.levels[row + FRONT])
    while slot != ZERO:
        order = slot * ORDER
        behind = np.uint64(memory.orders[order + BEHIND])
        if memory.orders[order + AGGREGATE] == 0:
            strike(memory, ladder >> ONE, memory.ids[slot * ID], slot)
        memory.orders[order + BEHIND] = memory.counts[FREE_ORDER]
        memory.counts[FREE_ORDER] = slot
        memory.counts[ORDERS_LIVE] -= ONE
        slot = behind
    memory.levels[row + FRONT] = ZERO
    memory.levels[row + BACK] = ZERO
    memory.levels[row + COUNT] = ZERO
    memory.sums[level * SUMS + TOTAL] = 0
