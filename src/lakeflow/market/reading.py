"""Books looked at between records: every queue, and where in its queue one order stands."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lakeflow.market.compiled import kernel
from lakeflow.market.index import book_of, find
from lakeflow.market.ladder import key_of
from lakeflow.market.machine import ONE, TWO, ZERO
from lakeflow.market.memory import memory_of
from lakeflow.market.search import BEST, level_below, level_from
from lakeflow.market.state import (
    AGGREGATE,
    BEFORE,
    BEHIND,
    FRONT,
    KEY,
    LEVEL,
    LONGS,
    ORDER_ID,
    ORDERS_LIVE,
    ROW,
    SIZE,
    State,
)

BID, ASK = 0, 1

RESTING = np.dtype([("side", "i8"), ("price", "i8"), ("order_id", "u8"), ("size", "i8"), ("aggregate", "i8")])


class Position(NamedTuple):
    """Where an order stands: how many orders and how much size are filled before it."""

    orders_ahead: int
    size_ahead: int
    size: int


def resting(state: State, name: int) -> npt.NDArray[np.void]:
    """Every order of a book: bids then asks, the best price first, the first of a queue first."""
    rows = np.zeros(int(state.counts[ORDERS_LIVE]) * 5, np.int64)
    return rows[: 5 * _write_queues(state, np.uint64(name), rows)].view(RESTING)


def position(state: State, name: int, order_id: int) -> Position | None:
    """The place of an order in its queue; None for one that does not rest."""
    orders, ahead, size = _stand(state, np.uint64(name), np.uint64(order_id))
    return Position(orders, ahead, size) if size else None


@kernel
def _write_queues(state, name, out_rows):
    memory = memory_of(state)
    book, row = book_of(memory, name), ZERO
    if book + ONE == ZERO:
        return row
    for ladder in (book * TWO, book * TWO + ONE):
        level = level_from(memory, ladder, BEST)
        while level != ZERO:
            key = memory.longs[level * LONGS + KEY]
            slot = np.uint64(memory.nodes[level * ROW + FRONT])
            while slot != level:
                at = row * np.uint64(5)
                out_rows[at] = np.int64(ladder & ONE)
                out_rows[at + ONE] = key_of(ladder, key)
                out_rows[at + TWO] = memory.longs[slot * LONGS + ORDER_ID]
                out_rows[at + TWO + ONE] = np.int64(memory.nodes[slot * ROW + SIZE])
                out_rows[at + TWO + TWO] = np.int64(memory.nodes[slot * ROW + AGGREGATE])
                row += ONE
                slot = np.uint64(memory.nodes[slot * ROW + BEHIND])
            level = level_below(memory, ladder, key)
    return row


@kernel
def _stand(state, name, order_id):
    memory = memory_of(state)
    book = book_of(memory, name)
    slot = ZERO if book + ONE == ZERO else find(memory, book, order_id)[0]
    size = np.uint64(memory.nodes[slot * ROW + SIZE]) if slot != ZERO else ZERO
    orders, ahead = 0, 0
    level = np.uint64(memory.nodes[slot * ROW + LEVEL])
    slot = np.uint64(memory.nodes[slot * ROW + BEFORE]) if slot != ZERO else level
    while slot != level:
        orders += 1
        ahead += np.int64(memory.nodes[slot * ROW + SIZE])
        slot = np.uint64(memory.nodes[slot * ROW + BEFORE])
    return orders, ahead, size
