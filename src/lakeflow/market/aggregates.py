"""Sizes that rest at a price without being orders: tops of book and price levels; a slot in the queue, but counted as no order."""

import numpy as np

from lakeflow.market.actions import take
from lakeflow.market.anomalies import BAD_SIZE, UNDEFINED_PRICE, UNKNOWN_CANCEL
from lakeflow.market.clearing import clear_side
from lakeflow.market.ladder import key_of
from lakeflow.market.machine import ONE, ZERO, piece
from lakeflow.market.queue import join, new_order, remove, resize
from lakeflow.market.records import CANCEL, UNDEF_PRICE, UNDEF_SIZE
from lakeflow.market.search import occupied_at
from lakeflow.market.state import AGGREGATE, BEHIND, FRONT, LEVELS, ORDER


@piece
def replace_side(memory, ladder, price, size):
    """A top of book is all that its side has; without a price the side is empty."""
    clear_side(memory, ladder)
    if price == UNDEF_PRICE:
        return ZERO
    if size == ZERO or size == UNDEF_SIZE:
        return BAD_SIZE
    join(memory, ladder, price, new_order(memory, ladder >> ONE, ZERO, ONE), size)
    return ZERO


@piece
def set_level(memory, ladder, action, price, size):
    """Set what rests at a price without being an order; a cancel takes `size` away from it."""
    if price == UNDEF_PRICE:
        return UNDEFINED_PRICE
    if size == UNDEF_SIZE or (size == ZERO and action == CANCEL):
        return BAD_SIZE
    slot = _aggregate_at(memory, ladder, price)
    if action == CANCEL:
        return UNKNOWN_CANCEL if slot == ZERO else take(memory, slot, size)
    if slot == ZERO and size != ZERO:
        join(memory, ladder, price, new_order(memory, ladder >> ONE, ZERO, ONE), size)
    elif slot != ZERO and size == ZERO:
        remove(memory, slot)
    elif slot != ZERO:
        resize(memory, slot, size)
    return ZERO


@piece
def _aggregate_at(memory, ladder, price):
    level = occupied_at(memory, ladder, key_of(ladder, price))
    slot = ZERO if level == ZERO else np.uint64(memory.levels[level * LEVELS + FRONT])
    while slot != ZERO and memory.orders[slot * ORDER + AGGREGATE] == 0:
        slot = np.uint64(memory.orders[slot * ORDER + BEHIND])
    return slot
