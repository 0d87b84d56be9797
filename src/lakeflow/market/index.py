"""Which slot an order id has in which book: open addressing, probed in a line, closed up behind what is deleted."""

import numpy as np

from lakeflow.market.machine import ONE, ZERO, piece
from lakeflow.market.state import ID, LADDER, ORDER

SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: neighbouring ids land far apart
APART = np.uint64(0xD6E8FEB86659FD93)  # so do the same ids in two books
UPPER = np.uint64(0xFFFFFFFF00000000)
LOWER = np.uint64(0xFFFFFFFF)


@piece
def hash_of(book, order_id):
    return (order_id ^ book * APART) * SPREAD


@piece
def slot_of(memory, book, order_id):
    """The slot of an order; 0 when it is not known. An entry holds half the hash, so that a wrong order is seldom read."""
    wanted = hash_of(book, order_id)
    mask = memory.index_mask
    at = wanted >> memory.shift
    while memory.index[at] != ZERO:
        if (memory.index[at] ^ wanted) & UPPER == ZERO:
            slot = memory.index[at] & LOWER
            if (
                memory.ids[slot * ID] == order_id
                and np.uint64(memory.orders[slot * ORDER + LADDER]) >> ONE == book
            ):
                return slot
        at = (at + ONE) & mask
    return ZERO


@piece
def enter(memory, book, order_id, slot):
    """Note the slot of an order that is not known yet."""
    hashed = hash_of(book, order_id)
    mask = memory.index_mask
    at = hashed >> memory.shift
    while memory.index[at] != ZERO:
        at = (at + ONE) & mask
    memory.index[at] = (hashed & UPPER) | slot


@piece
def strike(memory, book, order_id, slot):
    """Forget an order; what stands behind it moves up unless it is nearer to its home already."""
    hashed = hash_of(book, order_id)
    mask = memory.index_mask
    hole = hashed >> memory.shift
    while memory.index[hole] != (hashed & UPPER) | slot:
        hole = (hole + ONE) & mask
    at = (hole + ONE) & mask
    while memory.index[at] != ZERO:
        home = memory.index[at] >> memory.shift
        if ((at - home) & mask) >= ((at - hole) & mask):
            memory.index[hole] = memory.index[at]
            hole = at
        at = (at + ONE) & mask
    memory.index[hole] = ZERO


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
