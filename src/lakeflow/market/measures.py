"""All that is measured of an instrument's books: fed order records chunk by chunk, it gives rows of tables as they become known."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from lakeflow.market.consolidated import ALL
from lakeflow.market.kernel import DONE, NO_BOOK, NO_ORDER
from lakeflow.market.measuring import NO_ROOM, close, gather, measure
from lakeflow.market.meter import MAIN, Meter, fresh_meter
from lakeflow.market.moving import move, open_book
from lakeflow.market.records import Words
from lakeflow.market.sheets import COLUMNS, ENOUGH, Values, blank_sheets, filled, has_room, moved
from lakeflow.market.state import BOOKS_USED, STOPPED, STRAYED, Room, State, fresh
from lakeflow.market.telling import Told

Tables = dict[str, Values]

CHUNK = 8_192  # records whose words stay in the processor's cache
WINDOW, STRAYS, LEVELS, VENUE_COLUMNS, VENUES_ENOUGH = 32_768, 4_096, 10, 10, 32_768


class Measures:
    """The books of one instrument, at all its publishers, and what is measured of them.

    `largest` is the largest order that the venue takes. `venues` asks for the best of each publisher too, `leveled` for ten
    levels after every event. Neither the chunks nor the room or window change a row.
    """

    def __init__(
        self,
        tick: int,
        largest: int | None = None,
        *,
        venues: bool = False,
        leveled: bool = False,
        room: Room = Room(books=4, orders=8_191),  # noqa: B008  a named tuple never changes
        window: int = WINDOW,
    ) -> None:
        if not 0 < tick < 2**44:
            raise ValueError(f"a tick is between 1 and 2**44, not {tick}")
        self._tick, self._room, self._window, self._strays = tick, room, window, STRAYS
        self._venues, self._leveled = venues, leveled
        self._state: State = fresh(room, LEVELS, window)
        self._meter: Meter = fresh_meter(tick, largest, venues=venues, leveled=leveled)
        self._sheets = blank_sheets(0, 0, leveled=leveled)
        empty = np.empty(0, np.int64)
        self._told = Told(empty, empty, empty, np.zeros(3, np.uint64))

    def apply(self, words: Words, rows: npt.NDArray[np.int64]) -> Tables:
        """Measure the next records of the stream, told as seven words each, with the number of each."""
        self.expect(len(rows))
        for first in range(0, len(rows), CHUNK):
            self.take(words[first * 7 : (first + CHUNK) * 7], rows[first : first + CHUNK])
        return self.give()

    def finish(self) -> Tables:
        """What has not been given, with what the end of the stream makes known: its last second and minute."""
        self.expect(0)
        close(self._state, self._meter, self._sheets)
        return self.give()

    def expect(self, records: int) -> None:
        """Have room for what so many records can tell, beside the rows that are held and trades that wait for their event's end."""
        needed = records + len(self._meter.trades) // 16
        if not has_room(self._sheets, needed, leveled=self._leveled):
            held = int(self._sheets.rows.max())
            self._sheets = moved(self._sheets, blank_sheets(needed, held, leveled=self._leveled))
        venues = int(self._told.rows[0]) + needed
        if self._venues and venues * VENUE_COLUMNS > len(self._told.touch):
            self._told = roomier_venues(self._told, max(VENUES_ENOUGH + needed, venues))

    def take(self, words: Words, rows: npt.NDArray[np.int64]) -> None:
        """Measure some of the records that are expected; best no more than CHUNK of them at once."""
        at = 0
        while at < len(rows):
            at = int(measure(words, rows, np.uint64(at), self._state, self._meter, self._told, self._sheets))
            reason = self._state.counts[STOPPED]
            if reason == NO_ORDER:
                self._grow(self._room._replace(orders=self._room.orders * 2))
            elif reason == NO_BOOK:
                self._open(int(words[at * 7]) >> 16)
            elif reason == NO_ROOM:
                self._meter = _roomier(self._meter)
            elif reason != DONE:
                raise RuntimeError(f"a pass stopped for a reason that nobody knows: {reason}")
        if self._state.counts[STRAYED] > self._strays:
            self._strays *= 2
            self._grow(self._room)

    def give(self, least: int = 0) -> Tables:
        """The tables that have so many rows, which are held no longer."""
        return self._give(dict.fromkeys(COLUMNS, least), least)

    def give_enough(self) -> Tables:
        """The tables that have rows enough to be worth handing over."""
        return self._give(ENOUGH, VENUES_ENOUGH)

    def _give(self, least: Mapping[str, int], venues: int) -> Tables:
        shown = filled(self._sheets).items()
        tables = {name: values.copy() for name, values in shown if values.shape[1] >= least[name]}
        for place, name in enumerate(COLUMNS):
            if name in tables:
                self._sheets.rows[place] = 0
        told = int(self._told.rows[0])
        if self._venues and told >= venues:
            tables["venue_bbo"] = self._told.touch.reshape(-1, VENUE_COLUMNS)[:told].T.copy()
            self._told.rows[:] = 0
        return tables

    def _open(self, name: int) -> None:
        """Make a book for a publisher; a second one makes the sum of the books what is measured."""
        used = int(self._state.counts[BOOKS_USED])
        if used + 2 > self._room.books:
            self._grow(self._room._replace(books=self._room.books * 2))
        open_book(self._state, np.uint64(name), np.int64(self._tick))
        if used == 1:
            self._grow(self._room._replace(orders=self._room.orders * 2))
            open_book(self._state, np.uint64(name >> 16 << 16) | ALL, np.int64(self._tick))
            gather(self._state, np.uint64(2))
            self._meter.now[int(MAIN)] = 2

    def _grow(self, room: Room) -> None:
        old, self._room = self._state, room
        self._state = fresh(room, LEVELS, self._window)
        move(old, self._state)


def roomier_venues(told: Told, rows: int) -> Told:
    """Room for so many rows of venues, with those that there are."""
    touch = np.empty(rows * VENUE_COLUMNS, np.int64)
    touch[: len(told.touch)] = told.touch
    return told._replace(touch=touch)


def _roomier(meter: Meter) -> Meter:
    """The same with twice the room for fills and trades of an event."""
    return meter._replace(
        **{
            name: np.concatenate([old, np.zeros_like(old)])
            for name, old in (("fills", meter.fills), ("trades", meter.trades))
        }
    )
