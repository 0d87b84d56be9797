"""Emptying a side or a book: order by order, so that it costs what is there and nothing else."""

import numpy as np

from lakeflow.market.compiled import piece, rare
from lakeflow.market.image import ALL_BITS, note_change, put_nothing
from lakeflow.market.index import find
from lakeflow.market.ladder import vacate
from lakeflow.market.machine import ONE, TWO, ZERO
from lakeflow.market.queue import forget
from lakeflow.market.search import BEST, level_from
from lakeflow.market.state import (
    BEHIND,
    BOOK,
    FRONT,
    LONGS,
    ORDER_ID,
    ROW,
    RUNGS,
    SHOWN,
    SUSPECT,
    TOTAL,
)


@rare
def clear(memory, book):
    """Take every order out of a book; after that it is not suspect."""
    clear_side(memory, book * TWO)
    clear_side(memory, book * TWO + ONE)
    memory.books[book * BOOK + SUSPECT] = 0


@rare
def clear_side(memory, ladder):
    """Take every order out of one side."""
    level = level_from(memory, ladder, BEST)
    while level != ZERO:
        _clear_level(memory, ladder, level)
        vacate(memory, ladder, level)
        level = level_from(memory, ladder, BEST)
    place, shown = ZERO, np.uint64(memory.ladders[ladder * RUNGS + SHOWN])
    if shown != ZERO:
        note_change(memory, ladder, ALL_BITS)
    while place < shown:
        put_nothing(memory, ladder, place)
        place += ONE
    memory.ladders[ladder * RUNGS + SHOWN] = 0


@rare
def _clear_level(memory, ladder, level):
    """Free the slots of a queue; with a total of nothing the level is empty."""
    slot = np.uint64(memory.nodes[level * ROW + FRONT])
    while slot != level:
        behind = np.uint64(memory.nodes[slot * ROW + BEHIND])
        forget(memory, slot, entry_of(memory, ladder >> ONE, slot))
        slot = behind
    memory.longs[level * LONGS + TOTAL] = 0


@piece
def entry_of(memory, book, slot):
    """The place of an order in the index; that of an aggregate, which has none, is not used."""
    return find(memory, book, np.uint64(memory.longs[slot * LONGS + ORDER_ID]))[1]
