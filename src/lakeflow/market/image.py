"""The best levels of each ladder, kept as they change: telling them is a copy, and the best of them is the touch."""

import numpy as np
from numba import njit

from lakeflow.market.bits import ONE
from lakeflow.market.ladder import key_of
from lakeflow.market.records import UNDEF_PRICE
from lakeflow.market.search import level_below
from lakeflow.market.state import BOOK, CHANGED, COUNT, KEY, LEVELS, RUNGS, SHOWN, SUMS, TOTAL, TOUCHED

ZERO, THREE = np.uint64(0), np.uint64(3)


@njit(nogil=True, error_model="numpy")
def place_of(state, ladder, key):
    """Which of the levels shown has this key, or else how many are better."""
    at, place = ladder * THREE * state.depth, ZERO
    shown = np.uint64(state.ladders[ladder * RUNGS + SHOWN])
    while place < shown and key_of(ladder, state.image[at + place]) > key:
        place += ONE
    return place


@njit(nogil=True, error_model="numpy")
def show_size(state, ladder, level):
    """Show the size and the count of a level that was occupied and still is."""
    place = place_of(state, ladder, state.sums[level * SUMS + KEY])
    if place < np.uint64(state.ladders[ladder * RUNGS + SHOWN]):
        at = ladder * THREE * state.depth + state.depth + place
        state.image[at] = state.sums[level * SUMS + TOTAL]
        state.image[at + state.depth] = np.int64(state.levels[level * LEVELS + COUNT])
        note_change(state, ladder, place)


@njit(nogil=True, error_model="numpy")
def show_level(state, ladder, level):
    """Show a level that was empty, if it is among the best."""
    place = place_of(state, ladder, state.sums[level * SUMS + KEY])
    if place == state.depth:
        return
    shown = np.uint64(state.ladders[ladder * RUNGS + SHOWN])
    if shown < state.depth:
        shown += ONE
        state.ladders[ladder * RUNGS + SHOWN] = np.int64(shown)
    at = ladder * THREE * state.depth
    for _ in range(3):
        last = at + shown - ONE
        while last > at + place:
            state.image[last] = state.image[last - ONE]
            last -= ONE
        at += state.depth
    put_level(state, ladder, place, level)
    note_change(state, ladder, place)


@njit(nogil=True, error_model="numpy")
def hide_level(state, ladder, level):
    """Take away a level that has become empty, and show the next one after the last."""
    key = state.sums[level * SUMS + KEY]
    shown = np.uint64(state.ladders[ladder * RUNGS + SHOWN])
    place = place_of(state, ladder, key)
    if place == shown:
        return
    at, last = ladder * THREE * state.depth, shown - ONE
    following = ZERO
    if shown == state.depth:
        following = level_below(state, ladder, key_of(ladder, state.image[at + last]))
    for _ in range(3):
        for to in range(at + place, at + last):
            state.image[to] = state.image[to + ONE]
        at += state.depth
    if following == ZERO:
        put_nothing(state, ladder, last)
        state.ladders[ladder * RUNGS + SHOWN] = np.int64(last)
    else:
        put_level(state, ladder, last, following)
    note_change(state, ladder, place)


@njit(nogil=True, error_model="numpy")
def put_level(state, ladder, place, level):
    at = ladder * THREE * state.depth + place
    state.image[at] = key_of(ladder, state.sums[level * SUMS + KEY])
    state.image[at + state.depth] = state.sums[level * SUMS + TOTAL]
    state.image[at + state.depth + state.depth] = np.int64(state.levels[level * LEVELS + COUNT])


@njit(nogil=True, error_model="numpy")
def put_nothing(state, ladder, place):
    at = ladder * THREE * state.depth + place
    state.image[at] = UNDEF_PRICE
    state.image[at + state.depth] = 0
    state.image[at + state.depth + state.depth] = 0


@njit(nogil=True, error_model="numpy")
def note_change(state, ladder, place):
    """What is shown of a book has changed; its touch too, when it is the first place."""
    book = (ladder >> ONE) * BOOK
    state.books[book + CHANGED] = 1
    if place == ZERO:
        state.books[book + TOUCHED] = 1
