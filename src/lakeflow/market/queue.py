"""Orders in the queues of their levels: joining at the back, leaving from anywhere, growing smaller in place."""

import numpy as np

from lakeflow.market.image import hide_level, show_level, show_size
from lakeflow.market.index import enter, strike
from lakeflow.market.ladder import key_of, level_at, occupy, vacate
from lakeflow.market.machine import ONE, ZERO, piece
from lakeflow.market.state import (
    AGGREGATE,
    BACK,
    BEFORE,
    BEHIND,
    COUNT,
    FREE_ORDER,
    FRONT,
    ID,
    KEY,
    LADDER,
    LEVEL,
    LEVELS,
    ORDER,
    ORDERS_LIVE,
    ORDERS_USED,
    SIZE,
    SUMS,
    TOTAL,
)


@piece
def new_order(memory, book, order_id, aggregate):
    """A slot for an order or, as `aggregate` 1, for what rests at a price without being an order, which has no id."""
    slot = memory.counts[FREE_ORDER]
    if slot != ZERO:
        memory.counts[FREE_ORDER] = np.uint64(memory.orders[slot * ORDER + BEHIND])
    else:
        slot = memory.counts[ORDERS_USED]
        memory.counts[ORDERS_USED] += ONE
    memory.counts[ORDERS_LIVE] += ONE
    memory.ids[slot * ID] = order_id
    memory.orders[slot * ORDER + AGGREGATE] = aggregate
    if aggregate == ZERO:
        enter(memory, book, order_id, slot)
    return slot


@piece
def join(memory, ladder, price, slot, size):
    """Put an order behind all others of its price."""
    key = key_of(ladder, price)
    level = level_at(memory, ladder, key)
    order, row = slot * ORDER, level * LEVELS
    behind = np.uint64(memory.levels[row + BACK])
    memory.orders[order + LEVEL] = level
    memory.orders[order + LADDER] = ladder
    memory.orders[order + SIZE] = size
    memory.orders[order + BEFORE] = behind
    memory.orders[order + BEHIND] = ZERO
    memory.levels[row + BACK] = slot
    memory.levels[row + COUNT] += ONE - np.uint64(memory.orders[order + AGGREGATE])
    memory.sums[level * SUMS + TOTAL] += np.int64(size)
    if behind != ZERO:
        memory.orders[behind * ORDER + BEHIND] = slot
        show_size(memory, ladder, level)
        return
    memory.levels[row + FRONT] = slot
    memory.sums[level * SUMS + KEY] = key
    occupy(memory, ladder, level)
    show_level(memory, ladder, level)


@piece
def leave(memory, slot):
    """Take an order out of its queue; its slot stays its own."""
    order = slot * ORDER
    level, ladder = np.uint64(memory.orders[order + LEVEL]), np.uint64(memory.orders[order + LADDER])
    before, behind = np.uint64(memory.orders[order + BEFORE]), np.uint64(memory.orders[order + BEHIND])
    row = level * LEVELS
    if before != ZERO:
        memory.orders[before * ORDER + BEHIND] = behind
    else:
        memory.levels[row + FRONT] = behind
    if behind != ZERO:
        memory.orders[behind * ORDER + BEFORE] = before
    else:
        memory.levels[row + BACK] = before
    memory.levels[row + COUNT] -= ONE - np.uint64(memory.orders[order + AGGREGATE])
    memory.sums[level * SUMS + TOTAL] -= np.int64(memory.orders[order + SIZE])
    if before | behind != ZERO:
        show_size(memory, ladder, level)
        return
    vacate(memory, ladder, level)
    hide_level(memory, ladder, level)


@piece
def remove(memory, slot):
    """Take an order out of its queue and forget it."""
    order = slot * ORDER
    leave(memory, slot)
    if memory.orders[order + AGGREGATE] == 0:
        strike(memory, np.uint64(memory.orders[order + LADDER]) >> ONE, memory.ids[slot * ID], slot)
    memory.orders[order + BEHIND] = memory.counts[FREE_ORDER]
    memory.counts[FREE_ORDER] = slot
    memory.counts[ORDERS_LIVE] -= ONE


@piece
def resize(memory, slot, size):
    """Give an order another size and leave it its place."""
    order = slot * ORDER
    level = np.uint64(memory.orders[order + LEVEL])
    memory.sums[level * SUMS + TOTAL] += np.int64(size) - np.int64(memory.orders[order + SIZE])
    memory.orders[order + SIZE] = size
    show_size(memory, np.uint64(memory.orders[order + LADDER]), level)
