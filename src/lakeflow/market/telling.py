"""Rows that a replay tells: the touch or the depth of a book at the end of an event that changed it."""

import numpy as np
from numba import njit

from lakeflow.market.bits import ONE
from lakeflow.market.records import BYTE, EVENT, FLAGS_SHIFT, HEAD, KEY_SHIFT, RECEIVED, TAIL
from lakeflow.market.state import BOOK, CHANGED, DEPTH_TOLD, SUSPECT, TOLD, TOUCHED

ZERO, FOUR, SIX = np.uint64(0), np.uint64(4), np.uint64(6)
WHOLE = np.uint64(10)  # words of a row of the touch
SUSPECT_SHIFT = np.uint64(56)


@njit(nogil=True, error_model="numpy")
def tell(state, book, words, at, number, out_told):
    """Write the rows that differ from those written before."""
    row = book * BOOK
    suspect = state.books[row + SUSPECT] + 1
    new = state.books[row + TOLD] != suspect
    if state.books[row + TOUCHED] != 0 or new:
        state.books[row + TOUCHED] = 0
        state.books[row + TOLD] = suspect
        if len(out_told.touch) != 0:
            tell_touch(state, book, words, at, number, out_told, new)
    if state.books[row + CHANGED] != 0 or state.books[row + DEPTH_TOLD] != suspect:
        state.books[row + CHANGED] = 0
        new = state.books[row + DEPTH_TOLD] != suspect
        state.books[row + DEPTH_TOLD] = suspect
        if len(out_told.depth) != 0:
            tell_depth(state, book, words, at, number, out_told, new)


@njit(nogil=True, error_model="numpy")
def tell_touch(state, book, words, at, number, out_told, new):
    """The best level of each side, if it is not what was told last."""
    image, width = book * SIX * state.depth, SIX * state.depth + SIX
    told, differs = book * width + SIX * state.depth, ZERO
    for n in range(SIX):
        value = state.image[image + n * state.depth]
        differs |= np.uint64(value ^ state.told[told + n])
        state.told[told + n] = value
    if differs == ZERO and not new:
        return
    row = out_told.rows[0] * WHOLE
    tell_event(state, book, words, at, number, out_told.touch, row)
    for n in range(SIX):
        out_told.touch[row + FOUR + n] = state.told[told + n]
    out_told.rows[0] += ONE


@njit(nogil=True, error_model="numpy")
def tell_depth(state, book, words, at, number, out_told, new):
    """All levels that are shown of each side, if they are not what was told last."""
    size = SIX * state.depth
    image, told, differs = book * size, book * (size + SIX), ZERO
    for n in range(size):
        value = state.image[image + n]
        differs |= np.uint64(value ^ state.told[told + n])
        state.told[told + n] = value
    if differs == ZERO and not new:
        return
    row = out_told.rows[1] * (size + FOUR)
    tell_event(state, book, words, at, number, out_told.depth, row)
    for n in range(size):
        out_told.depth[row + FOUR + n] = state.image[image + n]
    out_told.rows[1] += ONE


@njit(nogil=True, error_model="numpy")
def tell_event(state, book, words, at, number, out_table, row):
    """When the event ended, at which record, in which book, and whether that can be trusted."""
    flags = (words[at + TAIL] >> FLAGS_SHIFT) & BYTE
    name = words[at + HEAD] >> KEY_SHIFT
    suspect = np.uint64(state.books[book * BOOK + SUSPECT])
    out_table[row] = np.int64(words[at + RECEIVED])
    out_table[row + ONE] = np.int64(words[at + EVENT])
    out_table[row + ONE + ONE] = np.int64(number)
    out_table[row + ONE + ONE + ONE] = np.int64(name | (flags << np.uint64(48)) | (suspect << SUSPECT_SHIFT))
