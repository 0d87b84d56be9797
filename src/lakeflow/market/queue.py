"""Orders in the queues of their levels: joining at the back, leaving from anywhere, growing smaller in place."""

import numpy as np
from numba import njit

from lakeflow.market.bits import ONE
from lakeflow.market.image import hide_level, show_level, show_size
from lakeflow.market.index import enter, strike
from lakeflow.market.ladder import key_of, level_at, occupy, vacate
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

ZERO = np.uint64(0)


@njit(nogil=True, error_model="numpy")
def new_order(state, book, order_id, aggregate):
    """A slot for an order or, as `aggregate` 1, for what rests at a price without being an order, which has no id."""
    slot = state.counts[FREE_ORDER]
    if slot != ZERO:
        state.counts[FREE_ORDER] = np.uint64(state.orders[slot * ORDER + BEHIND])
    else:
        slot = state.counts[ORDERS_USED]
        state.counts[ORDERS_USED] += ONE
    state.counts[ORDERS_LIVE] += ONE
    state.ids[slot * ID] = order_id
    state.orders[slot * ORDER + AGGREGATE] = aggregate
    if aggregate == ZERO:
        enter(state, book, order_id, slot)
    return slot


@njit(nogil=True, error_model="numpy")
def join(state, ladder, price, slot, size):
    """Put an order behind all others of its price."""
    key = key_of(ladder, price)
    level = level_at(state, ladder, key)
    order, row = slot * ORDER, level * LEVELS
    behind = np.uint64(state.levels[row + BACK])
    state.orders[order + LEVEL] = level
    state.orders[order + LADDER] = ladder
    state.orders[order + SIZE] = size
    state.orders[order + BEFORE] = behind
    state.orders[order + BEHIND] = ZERO
    state.levels[row + BACK] = slot
    state.levels[row + COUNT] += ONE - np.uint64(state.orders[order + AGGREGATE])
    state.sums[level * SUMS + TOTAL] += np.int64(size)
    if behind != ZERO:
        state.orders[behind * ORDER + BEHIND] = slot
        show_size(state, ladder, level)
        return
    state.levels[row + FRONT] = slot
    state.sums[level * SUMS + KEY] = key
    occupy(state, ladder, level)
    show_level(state, ladder, level)


@njit(nogil=True, error_model="numpy")
def leave(state, slot):
    """Take an order out of its queue; its slot stays its own."""
    order = slot * ORDER
    level, ladder = np.uint64(state.orders[order + LEVEL]), np.uint64(state.orders[order + LADDER])
    before, behind = np.uint64(state.orders[order + BEFORE]), np.uint64(state.orders[order + BEHIND])
    row = level * LEVELS
    if before != ZERO:
        state.orders[before * ORDER + BEHIND] = behind
    else:
        state.levels[row + FRONT] = behind
    if behind != ZERO:
        state.orders[behind * ORDER + BEFORE] = before
    else:
        state.levels[row + BACK] = before
    state.levels[row + COUNT] -= ONE - np.uint64(state.orders[order + AGGREGATE])
    state.sums[level * SUMS + TOTAL] -= np.int64(state.orders[order + SIZE])
    if before | behind != ZERO:
        show_size(state, ladder, level)
        return
    vacate(state, ladder, level)
    hide_level(state, ladder, level)


@njit(nogil=True, error_model="numpy")
def remove(state, slot):
    """Take an order out of its queue and forget it."""
    order = slot * ORDER
    leave(state, slot)
    if state.orders[order + AGGREGATE] == 0:
        strike(state, np.uint64(state.orders[order + LADDER]) >> ONE, state.ids[slot * ID], slot)
    state.orders[order + BEHIND] = state.counts[FREE_ORDER]
    state.counts[FREE_ORDER] = slot
    state.counts[ORDERS_LIVE] -= ONE


@njit(nogil=True, error_model="numpy")
def resize(state, slot, size):
    """Give an order another size and leave it its place."""
    order = slot * ORDER
    level = np.uint64(state.orders[order + LEVEL])
    state.sums[level * SUMS + TOTAL] += np.int64(size) - np.int64(state.orders[order + SIZE])
    state.orders[order + SIZE] = size
    show_size(state, np.uint64(state.orders[order + LADDER]), level)
