"""Rows that a replay tells: the touch or the depth of a book at the end of an event that changed it."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lakeflow.market.compiled import piece, tiny
from lakeflow.market.image import ALL_BITS, BITS, LAST_BIT
from lakeflow.market.machine import FOUR, ONE, SIX, THREE, TWO, ZERO, address, copy, lowest
from lakeflow.market.records import BYTE, EVENT, FLAGS_SHIFT, HEAD, KEY_SHIFT, RECEIVED, TAIL
from lakeflow.market.state import BOOK, CHANGED, DEPTH_TOLD, SUSPECT, TOLD, TOUCHED

WHOLE = np.uint64(10)  # words of a row of the touch
SUSPECT_SHIFT = np.uint64(56)


class Told(NamedTuple):
    """What a pass writes, as rows of words; `rows` counts those of each. A depth without rows is not written."""

    touch: npt.NDArray[np.int64]
    depth: npt.NDArray[np.int64]
    wrong: npt.NDArray[np.int64]
    rows: npt.NDArray[np.uint64]


class Tables(NamedTuple):
    """Where the tables lie."""

    touch: Any
    depth: Any
    wrong: Any
    rows: Any
    wants_depth: bool


@tiny
def tables_of(told):
    """Valid for as long as the arrays are held."""
    return Tables(
        address(told.touch),
        address(told.depth),
        address(told.wrong),
        address(told.rows),
        len(told.depth) != 0,
    )


@tiny
def tell_wrong(book, number, wrong, out):
    """Write which classes of things were wrong with a record."""
    row = out.rows[TWO] * THREE
    out.wrong[row] = np.int64(number)
    out.wrong[row + ONE] = np.int64(book)
    out.wrong[row + TWO] = np.int64(wrong)
    out.rows[TWO] += ONE


@piece
def tell(memory, book, words, at, number, out):
    """Write the rows that differ from those written before."""
    row = book * BOOK
    suspect = memory.books[row + SUSPECT] + 1
    new = memory.books[row + TOLD] != suspect
    if memory.books[row + TOUCHED] != 0 or new:
        memory.books[row + TOUCHED] = 0
        memory.books[row + TOLD] = suspect
        tell_touch(memory, book, words, at, number, out, new)
    if not out.wants_depth:
        return
    changed, new = np.uint64(memory.books[row + CHANGED]), memory.books[row + DEPTH_TOLD] != suspect
    if changed != ZERO or new:
        memory.books[row + CHANGED] = 0
        memory.books[row + DEPTH_TOLD] = suspect
        tell_depth(memory, book, words, at, number, out, new, changed)


@piece
def tell_touch(memory, book, words, at, number, out, new):
    """The best level of each side, if it is not what was told last."""
    image, width = book * SIX * memory.depth, SIX * memory.depth + SIX
    told, differs = book * width + SIX * memory.depth, ZERO
    for n in range(SIX):
        value = memory.image[image + n * memory.depth]
        differs |= np.uint64(value ^ memory.told[told + n])
        memory.told[told + n] = value
    if differs == ZERO and not new:
        return
    row = out.rows[ZERO] * WHOLE
    tell_event(memory, book, words, at, number, out.touch, row)
    for n in range(SIX):
        out.touch[row + FOUR + n] = memory.told[told + n]
    out.rows[ZERO] += ONE


@piece
def tell_depth(memory, book, words, at, number, out, new, changed):
    """All levels that are shown of each side, if those that have changed are not what was told last."""
    side, size = THREE * memory.depth, SIX * memory.depth
    image, told = book * size, book * (size + SIX)
    if new:
        copy(memory.told, told, memory.image, image, size)
    else:
        differs = take_over(memory, image, told, changed & ALL_BITS)
        differs |= take_over(memory, image + side, told + side, changed >> BITS)
        if differs == ZERO:
            return
    row = out.rows[ONE] * (size + FOUR)
    tell_event(memory, book, words, at, number, out.depth, row)
    copy(out.depth, row + FOUR, memory.image, image, size)
    out.rows[ONE] += ONE


@piece
def take_over(memory, image, told, places):
    """Note the changed levels of a side as told; zero when they are what they were. More than one are all from the first on."""
    if places == ZERO:
        return ZERO
    first, differs = lowest(places), ZERO
    last = first + ONE if places & (places - ONE) == ZERO and first < LAST_BIT else memory.depth
    for n in range(first, last):
        for field in (n, n + memory.depth, n + TWO * memory.depth):
            value = memory.image[image + field]
            differs |= np.uint64(value ^ memory.told[told + field])
            memory.told[told + field] = value
    return differs


@piece
def tell_event(memory, book, words, at, number, out_table, row):
    """When the event ended, at which record, in which book, and whether that can be trusted."""
    flags = (words[at + TAIL] >> FLAGS_SHIFT) & BYTE
    name = words[at + HEAD] >> KEY_SHIFT
    suspect = np.uint64(memory.books[book * BOOK + SUSPECT])
    out_table[row] = np.int64(words[at + RECEIVED])
    out_table[row + ONE] = np.int64(words[at + EVENT])
    out_table[row + TWO] = np.int64(number)
    out_table[row + THREE] = np.int64(name | (flags << np.uint64(48)) | (suspect << SUSPECT_SHIFT))
