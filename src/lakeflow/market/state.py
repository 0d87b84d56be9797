"""Everything that order books remember, as flat arrays with named columns; a kernel is given them and grows none."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

# One row an order (32 bytes); slot 0 is nobody. `ids` sees the first two columns as one number.
ORDER = np.uint64(8)
LEVEL, LADDER, SIZE, BEFORE, BEHIND, AGGREGATE = (np.uint64(n) for n in range(2, 8))
ID = np.uint64(4)  # width of a row of `ids`

# One row a level (32 bytes), empty when nobody is in front; level 0 is none. `sums` sees the first four columns as two.
LEVELS = np.uint64(8)
COUNT, FRONT, BACK, WORSE = (np.uint64(n) for n in range(4, 8))
SUMS = np.uint64(4)
TOTAL, KEY = np.uint64(0), np.uint64(1)

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

    orders: npt.NDArray[np.uint32]
    ids: npt.NDArray[np.uint64]
    levels: npt.NDArray[np.uint32]  # first those outside every window, then a window for each ladder
    sums: npt.NDArray[np.int64]
    occupied: npt.NDArray[np.uint64]  # a bit for every level of a window, then a bit for every word of those
    ladders: npt.NDArray[np.int64]
    inverses: npt.NDArray[
        np.float64
    ]  # of the tick of a ladder: multiplying is ten times faster than dividing
    books: npt.NDArray[np.int64]
    image: npt.NDArray[np.int64]  # of a ladder: the prices, sizes and counts of its best levels
    told: npt.NDArray[np.int64]  # the image of each book when it was last told, then its best alone
    index: npt.NDArray[np.uint64]  # upper half of an order's hash, and its slot; 0 is free
    shelf: npt.NDArray[np.uint64]  # the place of a book by its name, plus one; 0 is free
    counts: npt.NDArray[np.uint64]
    depth: np.uint64  # levels a side in the image
    window: np.uint64  # ticks that a ladder has a level for
    outside: np.uint64  # levels for prices outside a window
    shift: np.uint64  # of a hash, to its home in the index


class Room(NamedTuple):
    """How much a state has room for."""

    books: int
    orders: int
    outside: int


def fresh(room: Room, depth: int, window: int) -> State:
    """Room for so much, with nothing in it. Pages of a window that no order touches cost no memory."""
    ladders, words = 2 * room.books, window // 64 + window // 4096
    slots = _power(room.orders + 1)
    orders = np.zeros(slots * 8, np.uint32)
    levels = np.zeros((room.outside + ladders * window) * 8, np.uint32)
    image = np.zeros(ladders * 3 * depth, np.int64)
    image.reshape(-1, 3, depth)[:, 0] = 2**63 - 1
    counts = np.zeros(8, np.uint64)
    counts[[int(ORDERS_USED), int(LEVELS_USED)]] = 1
    return State(
        orders=orders,
        ids=orders.view(np.uint64),
        levels=levels,
        sums=levels.view(np.int64),
        occupied=np.zeros(ladders * words, np.uint64),
        ladders=np.zeros(ladders * 8, np.int64),
        inverses=np.ones(ladders),
        books=np.zeros(room.books * 8, np.int64),
        image=image,
        told=np.zeros(room.books * (6 * depth + 6), np.int64),
        index=np.zeros(slots * 2, np.uint64),
        shelf=np.zeros(_power(room.books) * 2, np.uint64),
        counts=counts,
        depth=np.uint64(depth),
        window=np.uint64(window),
        outside=np.uint64(room.outside),
        shift=np.uint64(64 - (slots * 2).bit_length() + 1),
    )


def _power(least: int) -> int:
    return 1 << max(4, (least - 1).bit_length())
