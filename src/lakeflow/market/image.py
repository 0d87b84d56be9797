"""The best levels of each ladder, kept as they change: telling them is a copy, and the best of them is the touch."""

import numpy as np

from lakeflow.market.compiled import piece, tiny
from lakeflow.market.ladder import key_of
from lakeflow.market.machine import ONE, THREE, ZERO
from lakeflow.market.records import UNDEF_PRICE
from lakeflow.market.search import LOWEST, level_below
from lakeflow.market.state import BOOK, CHANGED, COUNT, KEY, LONGS, ROW, RUNGS, SHOWN, TOTAL, TOUCHED

# Which places of a side have changed: a bit each, the last one for all from the sixteenth on.
BITS, LAST_BIT, ALL_BITS = np.uint64(16), np.uint64(15), np.uint64(0xFFFF)


@piece
def place_of(memory, ladder, key):
    """How many of the levels shown are better than a key. All are asked: a loop that may end anywhere is slower."""
    at, place = ladder * memory.depth, ZERO
    for n in range(memory.depth):
        place += np.uint64(memory.keys[at + n] > key)
    return place


@piece
def show_size(memory, ladder, level):
    """Show the size and the count of a level that was occupied and still is."""
    place = place_of(memory, ladder, memory.longs[level * LONGS + KEY])
    if place < np.uint64(memory.ladders[ladder * RUNGS + SHOWN]):
        at = ladder * THREE * memory.depth + memory.depth + place
        memory.image[at] = memory.longs[level * LONGS + TOTAL]
        memory.image[at + memory.depth] = np.int64(memory.nodes[level * ROW + COUNT])
        note_change(memory, ladder, ONE << min(place, LAST_BIT))


@piece
def show_level(memory, ladder, level):
    """Show a level that was empty, if it is among the best."""
    place = place_of(memory, ladder, memory.longs[level * LONGS + KEY])
    if place == memory.depth:
        return
    shown = np.uint64(memory.ladders[ladder * RUNGS + SHOWN])
    if shown < memory.depth:
        shown += ONE
        memory.ladders[ladder * RUNGS + SHOWN] = np.int64(shown)
    at, keys = ladder * THREE * memory.depth, ladder * memory.depth
    last = shown - ONE
    while last > place:
        memory.keys[keys + last] = memory.keys[keys + last - ONE]
        for to in (at + last, at + memory.depth + last, at + memory.depth + memory.depth + last):
            memory.image[to] = memory.image[to - ONE]
        last -= ONE
    put_level(memory, ladder, place, level)
    note_change(memory, ladder, ALL_BITS << min(place, LAST_BIT))


@piece
def hide_level(memory, ladder, level):
    """Take away a level that has become empty, and show the next one after the last."""
    key = memory.longs[level * LONGS + KEY]
    shown = np.uint64(memory.ladders[ladder * RUNGS + SHOWN])
    place = place_of(memory, ladder, key)
    if place == shown:
        return
    at, keys, last = ladder * THREE * memory.depth, ladder * memory.depth, shown - ONE
    following = ZERO
    if shown == memory.depth:
        following = level_below(memory, ladder, memory.keys[keys + last])
    for n in range(place, last):
        memory.keys[keys + n] = memory.keys[keys + n + ONE]
        for to in (at + n, at + memory.depth + n, at + memory.depth + memory.depth + n):
            memory.image[to] = memory.image[to + ONE]
    if following == ZERO:
        put_nothing(memory, ladder, last)
        memory.ladders[ladder * RUNGS + SHOWN] = np.int64(last)
    else:
        put_level(memory, ladder, last, following)
    note_change(memory, ladder, ALL_BITS << min(place, LAST_BIT))


@tiny
def put_level(memory, ladder, place, level):
    memory.keys[ladder * memory.depth + place] = memory.longs[level * LONGS + KEY]
    at = ladder * THREE * memory.depth + place
    memory.image[at] = key_of(ladder, memory.longs[level * LONGS + KEY])
    memory.image[at + memory.depth] = memory.longs[level * LONGS + TOTAL]
    memory.image[at + memory.depth + memory.depth] = np.int64(memory.nodes[level * ROW + COUNT])


@tiny
def put_nothing(memory, ladder, place):
    memory.keys[ladder * memory.depth + place] = LOWEST
    at = ladder * THREE * memory.depth + place
    memory.image[at] = UNDEF_PRICE
    memory.image[at + memory.depth] = 0
    memory.image[at + memory.depth + memory.depth] = 0


@tiny
def note_change(memory, ladder, places):
    """Some places of what is shown of a book have changed, a bit each; its touch too, when the first is among them."""
    book = (ladder >> ONE) * BOOK
    memory.books[book + CHANGED] |= np.int64((places & ALL_BITS) << ((ladder & ONE) * BITS))
    if places & ONE != ZERO:
        memory.books[book + TOUCHED] = 1
