"""What an order record asks of a book, decided before anything is touched: whether its order leaves, joins or is resized, and to what size."""

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
from lakeflow.market.compiled import piece
from lakeflow.market.ladder import key_of
from lakeflow.market.machine import ZERO
from lakeflow.market.records import ADD, CANCEL, UNDEF_PRICE, UNDEF_SIZE
from lakeflow.market.state import KEY, LADDER, LEVEL, LONGS, ROW, SIZE

# What becomes of an order, as bits; the place in the queue is lost by leaving and joining.
NOTHING, LEAVES, JOINS, RESIZES = (np.uint64(n) for n in (0, 1, 2, 4))


@piece
def decide(memory, ladder, action, slot, price, size):
    """What becomes of the order in a slot, its size after that, and what is wrong; slot 0 is an order that is not known."""
    if size == UNDEF_SIZE:
        return NOTHING, size, UNDEFINED_PRICE if action != CANCEL and price == UNDEF_PRICE else BAD_SIZE
    if action == CANCEL:
        return decide_cancel(memory, ladder, slot, price, size)
    if price == UNDEF_PRICE:
        return NOTHING, size, UNDEFINED_PRICE
    if action == ADD:
        if size == ZERO:
            return NOTHING, size, BAD_SIZE
        return (JOINS, size, ZERO) if slot == ZERO else (LEAVES | JOINS, size, DUPLICATE_ADD)
    return decide_modify(memory, ladder, slot, price, size)


@piece
def decide_cancel(memory, ladder, slot, price, size):
    """A cancel takes its size away from the order, wherever that rests."""
    if size == ZERO:
        return NOTHING, size, BAD_SIZE
    if slot == ZERO:
        return NOTHING, size, UNKNOWN_CANCEL
    order = slot * ROW
    resting, wrong = np.uint64(memory.nodes[order + LADDER]), ZERO
    if resting != ladder:
        wrong |= SIDE_FLIP
    if memory.longs[np.uint64(memory.nodes[order + LEVEL]) * LONGS + KEY] != key_of(resting, price):
        wrong |= PRICE_MISMATCH
    held = np.uint64(memory.nodes[order + SIZE])
    if size < held:
        return RESIZES, held - size, wrong
    return LEAVES, ZERO, wrong | (OVER_CANCEL if size > held else ZERO)


@piece
def decide_modify(memory, ladder, slot, price, size):
    """A modify sets price and size; another price or side, or a larger size, costs the place in the queue."""
    if slot == ZERO:
        if size == ZERO:
            return NOTHING, size, UNKNOWN_MODIFY | BAD_SIZE
        return JOINS, size, UNKNOWN_MODIFY
    order = slot * ROW
    wrong = ZERO if np.uint64(memory.nodes[order + LADDER]) == ladder else SIDE_FLIP
    if size == ZERO:
        return LEAVES, size, wrong | BAD_SIZE
    at = memory.longs[np.uint64(memory.nodes[order + LEVEL]) * LONGS + KEY]
    if wrong == ZERO and at == key_of(ladder, price) and size <= np.uint64(memory.nodes[order + SIZE]):
        return RESIZES, size, ZERO
    return LEAVES | JOINS, size, wrong
