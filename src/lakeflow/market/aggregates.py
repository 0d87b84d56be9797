"""Sizes that rest at a price without being orders, as tops of book and price levels: a slot in the queue, counted as no order."""

import numpy as np

from lakeflow.market.anomalies import BAD_SIZE, OVER_CANCEL, UNDEFINED_PRICE, UNKNOWN_CANCEL
from lakeflow.market.clearing import clear_side
from lakeflow.market.compiled import rare
from lakeflow.market.ladder import key_of
from lakeflow.market.machine import ZERO
from lakeflow.market.policy import JOINS, LEAVES, NOTHING, RESIZES
from lakeflow.market.records import CANCEL, F_TOB, UNDEF_PRICE, UNDEF_SIZE
from lakeflow.market.search import occupied_at
from lakeflow.market.state import AGGREGATE, BEHIND, FRONT, ROW, SIZE


@rare
def decide_aggregate(memory, ladder, action, flags, price, size):
    """What becomes of the size at a price, which slot it has, its size after that, and what is wrong."""
    if flags & F_TOB != ZERO and action != CANCEL:
        return replace_side(memory, ladder, price, size)
    if price == UNDEF_PRICE:
        return NOTHING, ZERO, size, UNDEFINED_PRICE
    if size == UNDEF_SIZE or (size == ZERO and action == CANCEL):
        return NOTHING, ZERO, size, BAD_SIZE
    slot = aggregate_at(memory, ladder, price)
    if action != CANCEL:
        if slot == ZERO:
            return (NOTHING if size == ZERO else JOINS), slot, size, ZERO
        return (LEAVES if size == ZERO else RESIZES), slot, size, ZERO
    if slot == ZERO:
        return NOTHING, slot, size, UNKNOWN_CANCEL
    held = np.uint64(memory.nodes[slot * ROW + SIZE])
    if size < held:
        return RESIZES, slot, held - size, ZERO
    return LEAVES, slot, size, OVER_CANCEL if size > held else ZERO


@rare
def replace_side(memory, ladder, price, size):
    """A top of book is all that its side has; without a price the side is empty."""
    clear_side(memory, ladder)
    if price == UNDEF_PRICE:
        return NOTHING, ZERO, size, ZERO
    if size == ZERO or size == UNDEF_SIZE:
        return NOTHING, ZERO, size, BAD_SIZE
    return JOINS, ZERO, size, ZERO


@rare
def aggregate_at(memory, ladder, price):
    """The slot of what rests at a price without being an order; 0 when there is none."""
    level = occupied_at(memory, ladder, key_of(ladder, price))
    slot = np.uint64(memory.nodes[level * ROW + FRONT])
    while slot != level and memory.nodes[slot * ROW + AGGREGATE] == 0:
        slot = np.uint64(memory.nodes[slot * ROW + BEHIND])
    return ZERO if slot == level else slot
