"""Columns of order records put together as the words that a book reads."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lakeflow.market.compiled import kernel
from lakeflow.market.machine import address
from lakeflow.market.records import Words

NO_TIME = -1  # what stands for a time that is not known


class Orders(NamedTuple):
    """Records of one instrument, a column each. Letters are given as codes and the letters that these stand for."""

    row: npt.NDArray[np.int64]
    ts_recv: npt.NDArray[np.int64]
    ts_event: npt.NDArray[np.int64]
    order_id: npt.NDArray[np.uint64]
    price: npt.NDArray[np.int64]
    size: npt.NDArray[np.uint32]
    sequence: npt.NDArray[np.uint32]
    publisher_id: npt.NDArray[np.uint16]
    flags: npt.NDArray[np.uint8]
    action: npt.NDArray[np.uint8]
    side: npt.NDArray[np.uint8]

    def part(self, first: int, last: int) -> "Orders":
        return Orders._make(column[first:last] for column in self)


class Letters(NamedTuple):
    """The letter that each code of a column stands for."""

    actions: npt.NDArray[np.uint8]
    sides: npt.NDArray[np.uint8]


def pack(orders: Orders, letters: Letters, into: Words) -> Words:
    """Seven words a record. The instrument's number is left out: a symbol that changes it stays one instrument."""
    words = into[: len(orders.row) * 7]
    _pack(orders, letters.actions, letters.sides, words)
    return words


@kernel
def _pack(orders, actions, sides, out_words):
    received, happened, ids = address(orders.ts_recv), address(orders.ts_event), address(orders.order_id)
    prices, sizes, sequences = address(orders.price), address(orders.size), address(orders.sequence)
    venues, flags = address(orders.publisher_id), address(orders.flags)
    letters, whose, words = address(orders.action), address(orders.side), address(out_words)
    for n in range(len(orders.row)):
        at = n * 7
        tail = np.uint64(sizes[n]) | np.uint64(flags[n]) << np.uint64(32)
        tail |= np.uint64(actions[letters[n]]) << np.uint64(48) | np.uint64(sides[whose[n]]) << np.uint64(56)
        words[at] = np.uint64(venues[n]) << np.uint64(16)
        words[at + 1] = np.uint64(happened[n])
        words[at + 2] = ids[n]
        words[at + 3] = np.uint64(prices[n])
        words[at + 4] = tail
        words[at + 5] = np.uint64(received[n])
        words[at + 6] = np.uint64(sequences[n]) << np.uint64(32)
