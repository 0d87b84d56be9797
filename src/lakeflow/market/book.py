"""Order books from market-by-order records: chunk by chunk, every book of a stream at once, nothing lost between chunks."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lakeflow.market.kernel import DONE, NO_BOOK, NO_ORDER, replay
from lakeflow.market.moving import move, open_book
from lakeflow.market.reading import Position, position, resting
from lakeflow.market.records import Records, words
from lakeflow.market.state import BOOKS_USED, NAME, STOPPED, STRAYED, Room, State, fresh
from lakeflow.market.telling import Told

Rows = npt.NDArray[np.void]

WINDOW = 32_768  # ticks; a book of ES spans 27,000
ROOM = Room(books=2, orders=8_191)
STRAYS = 4_096  # orders outside a window, after which it is moved to where the best prices are

EVENT = [
    ("ts_recv", "<i8"),
    ("ts_event", "<i8"),
    ("number", "<i8"),  # of the record that ended the event, in the stream
    ("publisher_id", "<u2"),
    ("instrument_id", "<u4"),
    ("flags", "u1"),
    ("suspect", "?"),
]
QUOTES = [f"{side}_{what}" for side in ("bid", "ask") for what in ("price", "size", "count")]
TOUCH = np.dtype([*EVENT, *((name, "<i8") for name in QUOTES)])
WRONG = np.dtype([("number", "<i8"), ("book", "<i8"), ("classes", "<i8")])


def depth_rows(levels: int) -> np.dtype[np.void]:
    """A row of the depth: as of the touch, but `levels` of each, the best first; an empty one is undefined, 0 and 0."""
    return np.dtype([*EVENT, *((name, "<i8", (levels,)) for name in QUOTES)])


class Changes(NamedTuple):
    """What a chunk changed, as rows in the order of the records. They are overwritten by the next chunk: copy what stays."""

    touch: Rows
    depth: Rows
    wrong: Rows


class Replay:
    """The books of a stream of order records, by instrument and publisher.

    `levels` a side are told at every end of an event that changed them, none for 0; the touch is always told. The tick,
    one for all or one an instrument, decides the speed and never the answer. Chunks of some 8,192 records are fastest, with
    ten levels of 2,048: what is told then stays in the processor's cache.
    """

    def __init__(
        self, tick: int | Mapping[int, int], levels: int = 0, window: int = WINDOW, room: Room = ROOM
    ) -> None:
        if window < 4096 or window & (window - 1):
            raise ValueError(f"a window has a power of two of ticks, at least 4,096, not {window}")
        self._ticks = tick
        self._levels = levels
        self._kind = depth_rows(levels)
        self._room = room
        self._state: State = fresh(room, max(1, levels), window)
        self._expect(0)
        self._strays = STRAYS
        self._seen = 0

    def apply(self, records: Records) -> Changes:
        """Replay the next records of the stream."""
        if len(records) > len(self._told.wrong) // 3:
            self._expect(len(records))
        self._told.rows[:] = 0
        at, chunk = 0, words(records)
        while at < len(records):
            at = int(replay(chunk, np.uint64(at), np.uint64(self._seen), self._state, self._told))
            if self._state.counts[STOPPED] != DONE:
                self._make_room(int(self._state.counts[STOPPED]), records[at])
        self._seen += len(records)
        if self._state.counts[STRAYED] > self._strays:
            self._strays *= 2
            self._grow(self._room)
        touch, depth, wrong = self._told.rows.tolist()
        rows = self._rows
        return Changes(rows.touch[:touch], rows.depth[:depth], rows.wrong[:wrong])

    def books(self) -> list[tuple[int, int]]:
        """Instrument and publisher of every book that was seen, the first seen first."""
        names = self._state.books.reshape(-1, 8)[: int(self._state.counts[BOOKS_USED]), int(NAME)]
        return [(int(name) >> 16, int(name) & 0xFFFF) for name in names]

    def resting(self, instrument_id: int, publisher_id: int) -> Rows:
        """Every order of a book: bids (side 0) then asks, the best price first, the first of a queue first."""
        return resting(self._state, instrument_id << 16 | publisher_id)

    def position(self, instrument_id: int, publisher_id: int, order_id: int) -> Position | None:
        """The place of an order in its queue; None for one that does not rest."""
        return position(self._state, instrument_id << 16 | publisher_id, order_id)

    def _make_room(self, reason: int, record: np.void) -> None:
        room, used = self._room, int(self._state.counts[BOOKS_USED])
        if reason == NO_ORDER:
            self._grow(room._replace(orders=room.orders * 2))
        elif reason == NO_BOOK:
            if used == room.books:
                self._grow(room._replace(books=room.books * 2))
            instrument = int(record["instrument_id"])
            name = instrument << 16 | int(record["publisher_id"])
            open_book(self._state, np.uint64(name), np.int64(self._tick(instrument)))

    def _tick(self, instrument: int) -> int:
        tick = self._ticks[instrument] if isinstance(self._ticks, Mapping) else self._ticks
        if not 0 < tick < 2**44:
            raise ValueError(f"instrument {instrument}: a tick is between 1 and 2**44, not {tick}")
        return tick

    def _grow(self, room: Room) -> None:
        old, self._room = self._state, room
        self._state = fresh(room, int(old.depth), int(old.window))
        move(old, self._state)

    def _expect(self, records: int) -> None:
        """Have room for what so many records can tell at most."""
        depth = records * self._kind.itemsize // 8 if self._levels else 0
        told = Told(
            np.empty(records * TOUCH.itemsize // 8, np.int64),
            np.empty(depth, np.int64),
            np.empty(records * 3, np.int64),
            np.zeros(3, np.uint64),
        )
        self._told = told
        self._rows = Changes(told.touch.view(TOUCH), told.depth.view(self._kind), told.wrong.view(WRONG))
