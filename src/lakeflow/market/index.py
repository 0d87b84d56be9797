"""Which slot an order id has in which book: open addressing, probed in a line, closed up behind what is deleted."""

import numpy as np
from numba import njit

from lakeflow.market.bits import ONE
from lakeflow.market.state import ID, LADDER, ORDER

ZERO = np.uint64(0)
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: neighbouring ids land far apart
APART = np.uint64(0xD6E8FEB86659FD93)  # so do the same ids in two books
UPPER = np.uint64(0xFFFFFFFF00000000)
LOWER = np.uint64(0xFFFFFFFF)


@njit(nogil=True, error_model="numpy")
def hash_of(book, order_id):
    return (order_id ^ book * APART) * SPREAD


@njit(nogil=True, error_model="numpy")
def slot_of(state, book, order_id):
    """The slot of an order; 0 when it is not known. An entry holds half the hash, so that a wrong order is seldom read."""
    wanted = hash_of(book, order_id)
    mask = np.uint64(len(state.index)) - ONE
    at = wanted >> state.shift
    while state.index[at] != ZERO:
        if (state.index[at] ^ wanted) & UPPER == ZERO:
            slot = state.index[at] & LOWER
            if (
                state.ids[slot * ID] == order_id
                and np.uint64(state.orders[slot * ORDER + LADDER]) >> ONE == book
            ):
                return slot
        at = (at + ONE) & mask
    return ZERO


@njit(nogil=True, error_model="numpy")
def enter(state, book, order_id, slot):
    """Note the slot of an order that is not known yet."""
    hashed = hash_of(book, order_id)
    mask = np.uint64(len(state.index)) - ONE
    at = hashed >> state.shift
    while state.index[at] != ZERO:
        at = (at + ONE) & mask
    state.index[at] = (hashed & UPPER) | slot


@njit(nogil=True, error_model="numpy")
def strike(state, book, order_id, slot):
    """Forget an order; what stands behind it moves up unless it is nearer to its home already."""
    hashed = hash_of(book, order_id)
    mask = np.uint64(len(state.index)) - ONE
    hole = hashed >> state.shift
    while state.index[hole] != (hashed & UPPER) | slot:
        hole = (hole + ONE) & mask
    at = (hole + ONE) & mask
    while state.index[at] != ZERO:
        home = state.index[at] >> state.shift
        if ((at - home) & mask) >= ((at - hole) & mask):
            state.index[hole] = state.index[at]
            hole = at
        at = (at + ONE) & mask
    state.index[hole] = ZERO


@njit(nogil=True, error_model="numpy")
def book_of(state, name):
    """The place of a book by its name; the number of books when it is new."""
    mask = np.uint64(len(state.shelf)) - ONE
    at = (name * SPREAD >> np.uint64(40)) & mask
    while state.shelf[at] != ZERO:
        book = state.shelf[at] - ONE
        if np.uint64(state.books[book * np.uint64(8)]) == name:
            return book
        at = (at + ONE) & mask
    return ZERO - ONE


@njit(nogil=True, error_model="numpy")
def shelve(state, name, book):
    """Note the place of a book that is new."""
    mask = np.uint64(len(state.shelf)) - ONE
    at = (name * SPREAD >> np.uint64(40)) & mask
    while state.shelf[at] != ZERO:
        at = (at + ONE) & mask
    state.shelf[at] = book + ONE
    state.books[book * np.uint64(8)] = np.int64(name)
