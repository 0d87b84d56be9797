"""Every book and every resting order put into another state, in the order of their queues: how books grow and move their windows."""

import numpy as np

from lakeflow.market.compiled import kernel, piece, rare
from lakeflow.market.consolidated import is_sum, pour
from lakeflow.market.index import find, shelve
from lakeflow.market.ladder import key_of
from lakeflow.market.machine import ONE, SIX, TWO, ZERO
from lakeflow.market.memory import memory_of
from lakeflow.market.queue import join, new_order
from lakeflow.market.search import BEST, level_below, level_from
from lakeflow.market.state import (
    AGGREGATE,
    BEHIND,
    BOOK,
    BOOKS_USED,
    FRONT,
    KEY,
    LONGS,
    NAME,
    ORDER_ID,
    ROW,
    RUNGS,
    SIZE,
    SNAPSHOT_DAY,
    TICK,
)


@kernel
def open_book(state, name, tick):
    """Make room on the shelf for a book that has not been seen; there must be some."""
    shelve_book(memory_of(state), name, tick)


@piece
def shelve_book(memory, name, tick):
    book = memory.counts[BOOKS_USED]
    memory.counts[BOOKS_USED] += ONE
    shelve(memory, name, book)
    memory.books[book * BOOK + SNAPSHOT_DAY] = -1
    for ladder in (book * TWO, book * TWO + ONE):
        memory.ladders[ladder * RUNGS + TICK] = tick
        memory.inverses[ladder] = 1.0 / tick


@kernel
def move(old_state, new_state):
    """Fill a fresh state with what another one holds; its windows lie around the best prices of now."""
    old, new = memory_of(old_state), memory_of(new_state)
    for book in range(old.counts[BOOKS_USED]):
        shelve_book(new, np.uint64(old.books[book * BOOK + NAME]), old.ladders[book * TWO * RUNGS + TICK])
        if not is_sum(old, book):
            move_side(old, new, book * TWO)
            move_side(old, new, book * TWO + ONE)
    move_rest(old, new)


@rare
def move_rest(old, new):
    """The sum of the books, if there is one, is made of those that have moved; then what is noted of each book."""
    for book in range(old.counts[BOOKS_USED]):
        if is_sum(old, book):
            for each in range(old.counts[BOOKS_USED]):
                if each != book:
                    pour(new, each, book, 1)
    for book in range(old.counts[BOOKS_USED]):
        for column in range(BOOK):
            new.books[book * BOOK + column] = old.books[book * BOOK + column]
        width = SIX * old.depth + SIX
        for column in range(width):
            new.told[book * width + column] = old.told[book * width + column]


@piece
def move_side(old, new, ladder):
    level = level_from(old, ladder, BEST)
    while level != ZERO:
        price = key_of(ladder, old.longs[level * LONGS + KEY])
        slot = np.uint64(old.nodes[level * ROW + FRONT])
        while slot != level:
            order = slot * ROW
            aggregate = np.uint64(old.nodes[order + AGGREGATE])
            order_id = np.uint64(old.longs[slot * LONGS + ORDER_ID])
            place = find(new, ladder >> ONE, order_id)[1]
            there = new_order(new, ladder >> ONE, order_id, aggregate, place)
            join(new, ladder, price, there, np.uint64(old.nodes[order + SIZE]))
            slot = np.uint64(old.nodes[order + BEHIND])
        level = level_below(old, ladder, old.longs[level * LONGS + KEY])
