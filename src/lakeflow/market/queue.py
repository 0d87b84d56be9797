"""Orders in the queues of their levels: joining at the back, leaving from anywhere, growing smaller in place."""

import numpy as np

from lakeflow.market.compiled import piece
from lakeflow.market.image import hide_level, show_level, show_size
from lakeflow.market.index import enter, strike
from lakeflow.market.ladder import key_of, level_at, occupy, vacate
from lakeflow.market.machine import ONE, ZERO
from lakeflow.market.state import (
    AGGREGATE,
    BACK,
    BEFORE,
    BEHIND,
    COUNT,
    FREE_ORDER,
    FRONT,
    KEY,
    LADDER,
    LEVEL,
    LONGS,
    ORDER_ID,
    ORDERS_LIVE,
    ORDERS_USED,
    ROW,
    SIZE,
    TOTAL,
)


@piece
def new_order(memory, book, order_id, aggregate, place):
    """A slot for an order, which is not known and goes to a place in the index, or for an aggregate, which has no id."""
    slot = memory.counts[FREE_ORDER]
    if slot != ZERO:
        memory.counts[FREE_ORDER] = np.uint64(memory.nodes[slot * ROW + BEHIND])
    else:
        slot = memory.counts[ORDERS_USED]
        memory.counts[ORDERS_USED] += ONE
    memory.counts[ORDERS_LIVE] += ONE
    memory.longs[slot * LONGS + ORDER_ID] = np.int64(order_id)
    memory.nodes[slot * ROW + AGGREGATE] = aggregate
    if aggregate == ZERO:
        enter(memory, book, order_id, slot, place)
    return slot


@piece
def join(memory, ladder, price, slot, size):
    """Put an order behind all others of its price."""
    key = key_of(ladder, price)
    level = level_at(memory, ladder, key)
    order, row = slot * ROW, level * ROW
    memory.nodes[order + LEVEL] = level
    memory.nodes[order + LADDER] = ladder
    memory.nodes[order + SIZE] = size
    memory.nodes[order + BEHIND] = level
    total = memory.longs[level * LONGS + TOTAL]
    memory.longs[level * LONGS + TOTAL] = total + np.int64(size)
    if total != 0:
        last = np.uint64(memory.nodes[row + BACK])
        memory.nodes[order + BEFORE] = last
        memory.nodes[last * ROW + BEHIND] = slot
        memory.nodes[row + BACK] = slot
        memory.nodes[row + COUNT] += ONE - np.uint64(memory.nodes[order + AGGREGATE])
        show_size(memory, ladder, level)
        return
    memory.nodes[order + BEFORE] = level
    memory.nodes[row + FRONT] = slot
    memory.nodes[row + BACK] = slot
    memory.nodes[row + COUNT] = ONE - np.uint64(memory.nodes[order + AGGREGATE])
    memory.longs[level * LONGS + KEY] = key
    occupy(memory, ladder, level)
    show_level(memory, ladder, level)


@piece
def leave(memory, slot):
    """Take an order out of its queue; its slot stays its own."""
    order = slot * ROW
    level, ladder = np.uint64(memory.nodes[order + LEVEL]), np.uint64(memory.nodes[order + LADDER])
    before, behind = np.uint64(memory.nodes[order + BEFORE]), np.uint64(memory.nodes[order + BEHIND])
    # The level closes the ring, so that nothing has to be asked: its front is what is behind it.
    memory.nodes[before * ROW + BEHIND] = behind
    memory.nodes[behind * ROW + BEFORE] = before
    memory.nodes[level * ROW + COUNT] -= ONE - np.uint64(memory.nodes[order + AGGREGATE])
    total = memory.longs[level * LONGS + TOTAL] - np.int64(memory.nodes[order + SIZE])
    memory.longs[level * LONGS + TOTAL] = total
    if total != 0:
        show_size(memory, ladder, level)
        return
    vacate(memory, ladder, level)
    hide_level(memory, ladder, level)


@piece
def forget(memory, slot, place):
    """Free the slot of an order that has left its queue, and its place in the index."""
    order = slot * ROW
    if memory.nodes[order + AGGREGATE] == 0:
        strike(memory, place)
    memory.nodes[order + BEHIND] = memory.counts[FREE_ORDER]
    memory.counts[FREE_ORDER] = slot
    memory.counts[ORDERS_LIVE] -= ONE


@piece
def resize(memory, slot, size):
    """Give an order another size and leave it its place."""
    order = slot * ROW
    level = np.uint64(memory.nodes[order + LEVEL])
    memory.longs[level * LONGS + TOTAL] += np.int64(size) - np.int64(memory.nodes[order + SIZE])
    memory.nodes[order + SIZE] = size
    show_size(memory, np.uint64(memory.nodes[order + LADDER]), level)
