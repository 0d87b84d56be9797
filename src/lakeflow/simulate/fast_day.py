"""A day of order records of any length, streamed: what traders do in their books, and what goes wrong on the way."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from lakeflow.simulate.acting import FUTURES, LONGEST, act, crowd
from lakeflow.simulate.contracts import nanoseconds
from lakeflow.simulate.hazards import bits
from lakeflow.simulate.pit import Seat, empty_pit, leave_all, seed_of
from lakeflow.simulate.plain import ADD, CANCEL, MODIFY, PLAIN, Longs, Rows, vendors
from lakeflow.simulate.schedule import STRETCHES, Hours, due, scenes
from lakeflow.simulate.snapshots import cleared, snapshot
from lakeflow.vendors.databento.codes import F_LAST, F_MAYBE_BAD_BOOK, F_SNAPSHOT

PIECE = 1 << 16  # records made at a time
LOST = 60  # events that nobody hears of where there is a gap
REPEATED_ONE_IN = 4_000
WOVEN = 0.1  # of the events that may be
OLDEST = 5 * 86_400_000_000_000  # how long before midnight a resting order may have come


class FastDay:
    """Books whose events are interleaved as their shares say. The same arguments give the same records."""

    def __init__(
        self,
        seats: tuple[Seat, ...],
        day: date,
        seed: int,
        *,
        hours: Hours,
        hazards: frozenset[str] = frozenset(),
        style: int = FUTURES,
    ) -> None:
        self.hazards, self._hours, self._style = hazards, hours, style
        key = seed_of("fast", seats, day.isoformat(), seed)
        self._chance = np.random.Generator(np.random.Philox(key=key))
        self._pits = empty_pit(seats, key, nanoseconds(day))
        self.pit = self._pits[0]
        self.pit["opening"][:] = hours.opening
        self._gapped: set[tuple[int, int]] = set()  # instruments at publishers
        for book in range(len(seats) if style == FUTURES else 0):
            crowd(self._pits, book, bits(hazards))
        came = self.pit["came"]
        came[:] = nanoseconds(day) - self._chance.integers(1, OLDEST, came.shape)

    def records(self, events: int) -> Iterator[Rows]:
        """Every record of the day, in chunks; a closed day has none. May be asked for once."""
        self.pit["due"][:] = due(self._hours.busy, events)
        if not self.pit["due"].any():
            return
        yield vendors(self._opening())
        edges = np.linspace(0, int(self.pit["due"].sum()), STRETCHES + 1).astype(int)
        for stretch, count in enumerate(np.diff(edges), 1):
            for rows in self._stretch(int(count)):
                yield vendors(rows)
            for what, book in scenes(stretch, self.hazards):
                yield vendors(self._scene(what, book % int(self.pit["books"])))

    def _opening(self) -> Rows:
        """How a day begins: of futures with a snapshot of every book, of shares with a clear."""
        books = range(int(self.pit["books"]))
        if self._style != FUTURES:
            return np.concatenate([cleared(self.pit, book, is_flagged=False) for book in books])
        bare = "bare" in self.hazards
        return np.concatenate([snapshot(self.pit, book, is_bare=bare and book == 1) for book in books])

    def _stretch(self, events: int) -> Iterator[Rows]:
        """So many events as they are told."""
        self.pit["left"] = events
        rows = np.zeros(min(PIECE, events * 4 + 2 * LONGEST), PLAIN)
        while self.pit["left"] > 0:
            made = act(self._pits, rows, self._style, bits(self.hazards))
            if made:
                yield self._told(rows[:made].copy())

    def _scene(self, what: str, book: int) -> Rows:
        """Something out of the ordinary, between two events."""
        if what == "gap":
            return self._gap()
        if what == "clears":
            leave_all(self.pit, book)
            return self._told(cleared(self.pit, book, is_flagged=True))
        self.pit["sequence"] += 1
        return self._told(snapshot(self.pit, book, is_bare=what == "bare"))

    def _gap(self) -> Rows:
        """Events that are lost, the last of them perhaps but for its end; what is heard next is flagged."""
        self.pit["left"] = LOST
        rows = np.zeros(LOST * LONGEST, PLAIN)
        made = act(self._pits, rows, self._style, bits(self.hazards))
        whose = zip(self.pit["instrument"].tolist(), self.pit["publisher"].tolist(), strict=True)
        self._gapped = {each for each in whose if each[0]}
        lost = made - int(self._chance.integers(0, 3))
        return self._told(rows[max(lost, 0) : made].copy())

    def _told(self, rows: Rows) -> Rows:
        """The records as they are delivered: flagged after a gap, some of them twice."""
        for instrument, publisher in sorted(self._gapped):
            own = np.flatnonzero((rows["instrument_id"] == instrument) & (rows["publisher_id"] == publisher))
            if len(own):
                rows["flags"][own[0]] |= F_MAYBE_BAD_BOOK
                self._gapped.discard((instrument, publisher))
        rows = self._woven(rows) if "woven" in self.hazards else rows
        return self._repeated(rows) if "repeats" in self.hazards else rows

    def _woven(self, rows: Rows) -> Rows:
        """The last line of some events told after the first of another instrument's, received when that is."""
        ends = (rows["flags"] & F_LAST) != 0
        whose, snapshots = rows["instrument_id"], (rows["flags"] & F_SNAPSHOT) != 0
        may = np.zeros(len(rows), np.bool_)
        may[1:-1] = ends[1:-1] & ~ends[:-2] & (whose[1:-1] == whose[:-2]) & (whose[1:-1] != whose[2:])
        may[1:-1] &= ~(snapshots[1:-1] | snapshots[2:]) & (self._chance.random(max(len(rows) - 2, 0)) < WOVEN)
        last = np.flatnonzero(may)
        order = np.arange(len(rows))
        order[last], order[last + 1] = last + 1, last
        woven = rows[order]
        woven["ts_recv"][last + 1] = np.maximum(woven["ts_recv"][last], woven["ts_recv"][last + 1])
        return woven

    def _repeated(self, rows: Rows) -> Rows:
        """Some records again, a few records later."""
        again: Longs = np.flatnonzero(self._chance.random(len(rows)) < 1 / REPEATED_ONE_IN)
        booked = np.isin(rows["action"], (ADD, CANCEL, MODIFY)) & (rows["order_id"] != 0)
        again = again[booked[again]]
        later = np.minimum(again + 1 + self._chance.integers(0, 6, len(again)), len(rows))
        return np.insert(rows, later, rows[again])
