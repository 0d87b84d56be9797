"""Everything that order books remember, as flat arrays with named columns; a kernel is given them and grows none."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

# One row a node (32 bytes): an order, or a level, which is the head of the ring of its orders. Node 0 is nobody.
# `longs` sees two columns as one number: an order's id, or the total and the key of a level.
ROW, LONGS = np.uint64(8), np.uint64(4)
LEVEL, LADDER, SIZE, BEFORE, BEHIND, AGGREGATE = (np.uint64(n) for n in range(2, 8))  # of an order
COUNT, BACK, FRONT, WORSE = (
    np.uint64(n) for n in range(4, 8)
)  # of a level; nobody rests where the total is 0
ORDER_ID, TOTAL, KEY = np.uint64(0), np.uint64(0), np.uint64(1)

# One row a ladder, the side of a book: ladder 2b holds the bids of book b, 2b + 1 its asks.
RUNGS = np.uint64(8)
BASE, TICK, STRAY, SHOWN, PLACED = (np.uint64(n) for n in range(5))

# One row a book.
BOOK = np.uint64(8)
NAME, SUSPECT, SNAPSHOT_DAY, CHANGED, TOUCHED, TOLD, DEPTH_TOLD = (np.uint64(n) for n in range(7))

# What is counted over all books.
FREE_ORDER, ORDERS_USED, ORDERS_LIVE, FREE_LEVEL, LEVELS_USED, STRAYED, BOOKS_USED, STOPPED = (
    np.uint64(n) for n in range(8)
)


class State(NamedTuple):
    """The arrays, and the sizes that numba would otherwise read again and again."""

    nodes: npt.NDArray[np.uint32]  # orders, then levels outside every window, then a window for each ladder
    longs: npt.NDArray[np.int64]
    occupied: npt.NDArray[np.uint64]  # a bit for every level of a window, then a bit for every word of those
    ladders: npt.NDArray[np.int64]
    inverses: npt.NDArray[
        np.float64
    ]  # of the tick of a ladder: multiplying is ten times faster than dividing
    books: npt.NDArray[np.int64]
    image: npt.NDArray[np.int64]  # of a ladder: the prices, sizes and counts of its best levels
    keys: npt.NDArray[np.int64]  # of the same levels, the lowest number where there is none
    told: npt.NDArray[np.int64]  # the image of each book when it was last told, then its best alone
    entries: npt.NDArray[np.uint64]  # upper half of an order's hash, and its slot; 0 is free
    shelf: npt.NDArray[np.uint64]  # the place of a book by its name, plus one; 0 is free
    counts: npt.NDArray[np.uint64]
    depth: np.uint64  # levels a side in the image
    window: np.uint64  # ticks that a ladder has a level for
    windows: np.uint64  # the first level of the first window
    shift: np.uint64  # of a hash, to its home in the index


class Room(NamedTuple):
    """How much a state has room for."""

    books: int
    orders: int


def fresh(room: Room, depth: int, window: int) -> State:
    """Room for so much, with nothing in it. Pages of a window that no order touches cost no memory."""
    ladders, words = 2 * room.books, window // 64 + window // 4096
    slots = _power(room.orders + 1)
    # Every order may lie outside a window at a price of its own: as many levels there as orders.
    nodes = np.zeros((2 * slots + ladders * window) * 8, np.uint32)
    image = np.zeros(ladders * 3 * depth, np.int64)
    image.reshape(-1, 3, depth)[:, 0] = 2**63 - 1
    counts = np.zeros(8, np.uint64)
    counts[int(ORDERS_USED)], counts[int(LEVELS_USED)] = 1, slots
    return State(
        nodes=nodes,
        longs=nodes.view(np.int64),
        occupied=np.zeros(ladders * words, np.uint64),
        ladders=np.zeros(ladders * 8, np.int64),
        inverses=np.ones(ladders),
        books=np.zeros(room.books * 8, np.int64),
        image=image,
        keys=np.full(ladders * depth, -(2**63), np.int64),
        told=np.zeros(room.books * (6 * depth + 6), np.int64),
        entries=np.zeros(slots * 2, np.uint64),
        shelf=np.zeros(_power(room.books) * 2, np.uint64),
        counts=counts,
        depth=np.uint64(depth),
        window=np.uint64(window),
        windows=np.uint64(2 * slots),
        shift=np.uint64(64 - (slots * 2).bit_length() + 1),
    )


def _power(least: int) -> int:
    return 1 << max(4, (least - 1).bit_length())
