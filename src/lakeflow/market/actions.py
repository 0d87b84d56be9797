"""What an add, a modify or a cancel does to a book; each gives back the classes of what was wrong with it, as bits."""

import numpy as np

from lakeflow.market.anomalies import (
    BAD_SIZE,
    DUPLICATE_ADD,
    OVER_CANCEL,
    PRICE_MISMATCH,
    SIDE_FLIP,
    UNDEFINED_PRICE,
    UNKNOWN_CANCEL,
    UNKNOWN_MODIFY,
)
from lakeflow.market.index import slot_of
from lakeflow.market.ladder import key_of
from lakeflow.market.machine import ONE, ZERO, piece
from lakeflow.market.queue import join, leave, new_order, remove, resize
from lakeflow.market.records import UNDEF_PRICE, UNDEF_SIZE
from lakeflow.market.state import KEY, LADDER, LEVEL, ORDER, SIZE, SUMS


@piece
def add(memory, ladder, order_id, price, size):
    """Put an order behind all others of its price; of two adds of one order the newer is the truth."""
    if price == UNDEF_PRICE:
        return UNDEFINED_PRICE
    if size == ZERO or size == UNDEF_SIZE:
        return BAD_SIZE
    slot, wrong = slot_of(memory, ladder >> ONE, order_id), ZERO
    if slot == ZERO:
        slot = new_order(memory, ladder >> ONE, order_id, ZERO)
    else:
        leave(memory, slot)
        wrong = DUPLICATE_ADD
    join(memory, ladder, price, slot, size)
    return wrong


@piece
def modify(memory, ladder, order_id, price, size):
    """Set price and size; another price or side, or a larger size, costs the place in the queue."""
    if price == UNDEF_PRICE:
        return UNDEFINED_PRICE
    if size == UNDEF_SIZE:
        return BAD_SIZE
    slot = slot_of(memory, ladder >> ONE, order_id)
    if slot == ZERO:
        return UNKNOWN_MODIFY | add(memory, ladder, order_id, price, size)
    order = slot * ORDER
    flipped = SIDE_FLIP if np.uint64(memory.orders[order + LADDER]) != ladder else ZERO
    if size == ZERO:
        remove(memory, slot)
        return flipped | BAD_SIZE
    at = memory.sums[np.uint64(memory.orders[order + LEVEL]) * SUMS + KEY]
    if flipped == ZERO and at == key_of(ladder, price) and size <= np.uint64(memory.orders[order + SIZE]):
        resize(memory, slot, size)
        return ZERO
    leave(memory, slot)
    join(memory, ladder, price, slot, size)
    return flipped


@piece
def cancel(memory, ladder, order_id, price, size):
    """Take `size` away from an order, wherever it rests."""
    if size == ZERO or size == UNDEF_SIZE:
        return BAD_SIZE
    slot = slot_of(memory, ladder >> ONE, order_id)
    if slot == ZERO:
        return UNKNOWN_CANCEL
    order = slot * ORDER
    wrong, resting = ZERO, np.uint64(memory.orders[order + LADDER])
    if resting != ladder:
        wrong |= SIDE_FLIP
    if memory.sums[np.uint64(memory.orders[order + LEVEL]) * SUMS + KEY] != key_of(resting, price):
        wrong |= PRICE_MISMATCH
    return wrong | take(memory, slot, size)


@piece
def take(memory, slot, size):
    """Make an order smaller by `size`; what has nothing left is gone."""
    resting = np.uint64(memory.orders[slot * ORDER + SIZE])
    if size < resting:
        resize(memory, slot, resting - size)
        return ZERO
    remove(memory, slot)
    return OVER_CANCEL if size > resting else ZERO
