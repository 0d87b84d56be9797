"""A book of levels without orders: the sum of every publisher's book of an instrument, kept level by level."""

import numpy as np

from lakeflow.market.compiled import piece, rare, tiny
from lakeflow.market.image import hide_level, show_level, show_size
from lakeflow.market.ladder import key_of, level_at, occupy, vacate
from lakeflow.market.machine import ONE, TWO, ZERO
from lakeflow.market.search import BEST, level_below, level_from
from lakeflow.market.state import BOOK, COUNT, KEY, LONGS, NAME, ROW, TOTAL

ALL = np.uint64(0xFFFF)  # the publisher that stands for all of them


@piece
def is_sum(memory, book):
    """Whether a book is the sum of the others."""
    return np.uint64(memory.books[book * BOOK + NAME]) & ALL == ALL


@rare
def shift_level(memory, ladder, price, lots, orders):
    """Let so many lots and orders come to a price, or go."""
    key = key_of(ladder, price)
    level = level_at(memory, ladder, key)
    row, total = level * ROW, memory.longs[level * LONGS + TOTAL]
    memory.longs[level * LONGS + TOTAL] = total + lots
    if total == 0:
        memory.longs[level * LONGS + KEY] = key
        memory.nodes[row + COUNT] = np.uint64(orders)
        occupy(memory, ladder, level)
        show_level(memory, ladder, level)
        return
    memory.nodes[row + COUNT] += np.uint64(orders)
    if total + lots != 0:
        show_size(memory, ladder, level)
        return
    vacate(memory, ladder, level)
    hide_level(memory, ladder, level)


@rare
def pour(memory, book, into, sign):
    """Add all that rests in a book to another one, or with a sign of -1 take it out."""
    for side in (ZERO, ONE):
        pour_side(memory, book * TWO + side, into * TWO + side, sign)


@tiny
def pour_side(memory, ladder, into, sign):
    level = level_from(memory, ladder, BEST)
    while level != ZERO:
        key, lots = memory.longs[level * LONGS + KEY], memory.longs[level * LONGS + TOTAL]
        orders = np.int64(memory.nodes[level * ROW + COUNT])
        shift_level(memory, into, key_of(ladder, key), sign * lots, sign * orders)
        level = level_below(memory, ladder, key)


@rare
def pour_out(memory, ladder, out_of):
    """Take all that rests in a side out of another."""
    pour_side(memory, ladder, out_of, -1)
