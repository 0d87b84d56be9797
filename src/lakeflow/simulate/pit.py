"""Where traders meet: the resting orders of every book of a fast day, a queue a tick, as arrays for kernels."""

import hashlib
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

BOOKS = 4
PLACES = 1 << 14  # orders that a book has room for
WINDOW = 1 << 14  # ticks around the opening price that orders queue on
MOST_FILLS = 48
MINDFUL, UNRULY = 1, 2  # venues that never quote through each other, and those that sometimes do
OUTSIDE = -1  # the tick of an order too far away to have a queue

# origin: price of the window's first tick · grid: the price of a tick · live, bids, asks: orders, and levels of each side
# ranks: how many times an order has joined a queue · share: of the events · far: where stubs are quoted
OF_BOOK = [
    "instrument",
    "publisher",
    "grid",
    "origin",
    "last_id",
    "live",
    "ranks",
    "bid",
    "ask",
    "bids",
    "asks",
    "target",
    "far",
]
# The slots in use come first in `slots`, and `place` is a slot's place there; slot 0 is nobody.
OF_ORDER = ["ids", "side", "tick", "price", "size", "rank", "came", "before", "behind", "place", "slots"]
# given: events of the minute so far · moment: of the event · received: the latest · first: the event's first row
# left: events to make · joint: whether the books are venues of one share that mind each other's prices
# mood: from -2, the price falls at all venues, to 2
OF_DAY = [
    "books",
    "midnight",
    "minute",
    "given",
    "moment",
    "received",
    "sequence",
    "written",
    "first",
    "left",
    "joint",
    "mood",
]
PIT = np.dtype(
    [
        ("dice", "u8"),
        *((name, "i8") for name in OF_DAY),
        ("share", "f8", (BOOKS,)),
        *((name, "i8", (BOOKS,)) for name in OF_BOOK),
        *((name, "i8", (BOOKS, PLACES)) for name in OF_ORDER),
        ("front", "i8", (BOOKS, 2, WINDOW)),  # who is first on a tick
        ("back", "i8", (BOOKS, 2, WINDOW)),
        ("fills", "i8", (MOST_FILLS, 2)),  # of the trade under way: slot and lots
        ("due", "i8", (1_440,)),  # events by minute
        ("opening", "u1", (1_440,)),  # minutes before an open
    ]
)
Pit = Any  # a record of that type: one pointer, where a tuple of arrays would be a hundred arguments of every piece
Pits = npt.NDArray[np.void]


class Seat(NamedTuple):
    """One book: an instrument at a publisher. `target` is how many orders tend to rest, `far` where stubs are quoted."""

    instrument_id: int
    publisher_id: int
    tick: int
    opening: int
    share: float
    first_id: int
    target: int = 4_000
    far: int = 0


def seed_of(*key: object) -> int:
    """64 bits that follow from a key alone, the same on every machine."""
    return int.from_bytes(hashlib.sha256(repr(key).encode()).digest()[:8], "little")


def empty_pit(seats: tuple[Seat, ...], seed: int, midnight: int) -> Pits:
    """Nobody there yet; an array of one, as kernels take it."""
    if len(seats) > BOOKS:
        raise ValueError(f"a fast day has at most {BOOKS} books, not {len(seats)}")
    pits = np.zeros(1, PIT)
    pit = pits[0]
    pit["dice"], pit["midnight"], pit["received"], pit["moment"] = seed, midnight, midnight, midnight
    pit["sequence"], pit["books"] = 1_000, len(seats)
    for b, seat in enumerate(seats):
        pit["instrument"][b], pit["publisher"][b], pit["grid"][b] = (
            seat.instrument_id,
            seat.publisher_id,
            seat.tick,
        )
        pit["origin"][b] = seat.opening - seat.tick * (WINDOW // 2)
        pit["last_id"][b], pit["target"][b], pit["share"][b] = seat.first_id, seat.target, seat.share
        pit["far"][b] = seat.far
        leave_all(pit, b)
    return pits


def leave_all(pit: Pit, b: int) -> None:
    """Take everybody out of a book."""
    pit["live"][b], pit["bid"][b], pit["ask"][b], pit["bids"][b], pit["asks"][b] = 0, OUTSIDE, WINDOW, 0, 0
    pit["front"][b] = pit["back"][b] = 0
    pit["slots"][b] = np.arange(1, PLACES + 1) % PLACES
