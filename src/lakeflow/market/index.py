"""Which slot an order id has in which book: open addressing, probed in a line, closed up behind what is deleted."""

import numpy as np

from lakeflow.market.compiled import piece, tiny
from lakeflow.market.machine import ONE, ZERO, prefetch
from lakeflow.market.state import LADDER, LONGS, ORDER_ID, ROW

SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: neighbouring ids land far apart
APART = np.uint64(0xD6E8FEB86659FD93)  # so do the same ids in two books
UPPER = np.uint64(0xFFFFFFFF00000000)
LOWER = np.uint64(0xFFFFFFFF)


@tiny
def hash_of(book, order_id):
    return (order_id ^ book * APART) * SPREAD


@piece
def find(memory, book, order_id):
    """The slot of an order, 0 when it is not known, and the place of its entry or of the gap where that would go.

    An entry holds half the hash beside the slot, so that a wrong order is seldom read.
    """
    wanted = hash_of(book, order_id)
    place = wanted >> memory.shift
    entry = memory.entries[place]
    while entry != ZERO:
        if (entry ^ wanted) & UPPER == ZERO:
            slot = entry & LOWER
            known = np.uint64(memory.longs[slot * LONGS + ORDER_ID])
            if known == order_id and np.uint64(memory.nodes[slot * ROW + LADDER]) >> ONE == book:
                return slot, place
        place = (place + ONE) & memory.index_mask
        entry = memory.entries[place]
    return ZERO, place


@tiny
def enter(memory, book, order_id, slot, place):
    """Note the slot of an order in the gap where `find` did not find it."""
    memory.entries[place] = (hash_of(book, order_id) & UPPER) | slot


@piece
def strike(memory, place):
    """Forget the order of an entry; what stands behind it moves up unless that would take it past its home."""
    hole, at = place, (place + ONE) & memory.index_mask
    entry = memory.entries[at]
    while entry != ZERO:
        home = entry >> memory.shift
        if ((at - home) & memory.index_mask) >= ((at - hole) & memory.index_mask):
            memory.entries[hole] = entry
            hole = at
        at = (at + ONE) & memory.index_mask
        entry = memory.entries[at]
    memory.entries[hole] = ZERO


@piece
def book_of(memory, name):
    """The place of a book by its name; the number of books when it is new."""
    mask = memory.shelf_mask
    at = (name * SPREAD >> np.uint64(40)) & mask
    while memory.shelf[at] != ZERO:
        book = memory.shelf[at] - ONE
        if np.uint64(memory.books[book * np.uint64(8)]) == name:
            return book
        at = (at + ONE) & mask
    return ZERO - ONE


@piece
def shelve(memory, name, book):
    """Note the place of a book that is new."""
    mask = memory.shelf_mask
    at = (name * SPREAD >> np.uint64(40)) & mask
    while memory.shelf[at] != ZERO:
        at = (at + ONE) & mask
    memory.shelf[at] = book + ONE
    memory.books[book * np.uint64(8)] = np.int64(name)


@tiny
def ask_for_entry(memory, book, order_id):
    """Have the place in the index where an order should be brought near."""
    prefetch(memory.entries, hash_of(book, order_id) >> memory.shift)


@tiny
def ask_for_order(memory, book, order_id):
    """Have the order brought near that is probably meant: the one in the first place looked at."""
    prefetch(memory.nodes, (memory.entries[hash_of(book, order_id) >> memory.shift] & LOWER) * ROW)
