"""The best levels of each ladder, kept as they change: telling them is a copy, and the best of them is the touch."""

import numpy as np

from lakeflow.market.ladder import key_of
from lakeflow.market.machine import ONE, THREE, ZERO, piece
from lakeflow.market.records import UNDEF_PRICE
from lakeflow.market.search import level_below
from lakeflow.market.state import BOOK, CHANGED, COUNT, KEY, LEVELS, RUNGS, SHOWN, SUMS, TOTAL, TOUCHED


@piece
def place_of(memory, ladder, key):
    """Which of the levels shown has this key, or else how many are better."""
    at, place = ladder * THREE * memory.depth, ZERO
    shown = np.uint64(memory.ladders[ladder * RUNGS + SHOWN])
    while place < shown and key_of(ladder, memory.image[at + place]) > key:
        place += ONE
    return place


@piece
def show_size(memory, ladder, level):
    """Show the size and the count of a level that was occupied and still is."""
    place = place_of(memory, ladder, memory.sums[level * SUMS + KEY])
    if place < np.uint64(memory.ladders[ladder * RUNGS + SHOWN]):
        at = ladder * THREE * memory.depth + memory.depth + place
        memory.image[at] = memory.sums[level * SUMS + TOTAL]
        memory.image[at + memory.depth] = np.int64(memory.levels[level * LEVELS + COUNT])
        note_change(memory, ladder, place)


@piece
def show_level(memory, ladder, level):
    """Show a level that was empty, if it is among the best."""
    place = place_of(memory, ladder, memory.sums[level * SUMS + KEY])
    if place == memory.depth:
        return
    shown = np.uint64(memory.ladders[ladder * RUNGS + SHOWN])
    if shown < memory.depth:
        shown += ONE
        memory.ladders[ladder * RUNGS + SHOWN] = np.int64(shown)
    at = ladder * THREE * memory.depth
    for _ in range(3):
        last = at + shown - ONE
        while last > at + place:
            memory.image[last] = memory.image[last - ONE]
            last -= ONE
        at += memory.depth
    put_level(memory, ladder, place, level)
    note_change(memory, ladder, place)


@piece
def hide_level(memory, ladder, level):
    """Take away a level that has become empty, and show the next one after the last."""
    key = memory.sums[level * SUMS + KEY]
    shown = np.uint64(memory.ladders[ladder * RUNGS + SHOWN])
    place = place_of(memory, ladder, key)
    if place == shown:
        return
    at, last = ladder * THREE * memory.depth, shown - ONE
    following = ZERO
    if shown == memory.depth:
        following = level_below(memory, ladder, key_of(ladder, memory.image[at + last]))
    for _ in range(3):
        for to in range(at + place, at + last):
            memory.image[to] = memory.image[to + ONE]
        at += memory.depth
    if following == ZERO:
        put_nothing(memory, ladder, last)
        memory.ladders[ladder * RUNGS + SHOWN] = np.int64(last)
    else:
        put_level(memory, ladder, last, following)
    note_change(memory, ladder, place)


@piece
def put_level(memory, ladder, place, level):
    at = ladder * THREE * memory.depth + place
    memory.image[at] = key_of(ladder, memory.sums[level * SUMS + KEY])
    memory.image[at + memory.depth] = memory.sums[level * SUMS + TOTAL]
    memory.image[at + memory.depth + memory.depth] = np.int64(memory.levels[level * LEVELS + COUNT])


@piece
def put_nothing(memory, ladder, place):
    at = ladder * THREE * memory.depth + place
    memory.image[at] = UNDEF_PRICE
    memory.image[at + memory.depth] = 0
    memory.image[at + memory.depth + memory.depth] = 0


@piece
def note_change(memory, ladder, place):
    """What is shown of a book has changed; its touch too, when it is the first place."""
    book = (ladder >> ONE) * BOOK
    memory.books[book + CHANGED] = 1
    if place == ZERO:
        memory.books[book + TOUCHED] = 1
