"""Traders in their books, a stretch of a day after another: what they do, and how it is told when things go wrong on the way."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lakeflow.simulate.acting import FUTURES, LONGEST, act, crowd
from lakeflow.simulate.hazards import bits
from lakeflow.simulate.pit import MINDFUL, UNRULY, Seat, empty_pit, leave_all
from lakeflow.simulate.plain import ADD, CANCEL, MODIFY, PLAIN, Longs, Rows
from lakeflow.simulate.schedule import STRETCHES, scenes
from lakeflow.simulate.snapshots import cleared, snapshot
from lakeflow.vendors.databento.codes import F_LAST, F_MAYBE_BAD_BOOK, F_SNAPSHOT

PIECE = 1 << 16  # records made at a time
LOST = 60  # events that nobody hears of where there is a gap
REPEATED_ONE_IN = 4_000
WOVEN = 0.1  # of the events that may be
OLDEST = 5 * 86_400_000_000_000  # how long before the open a resting order may have come
FIRST_SEQUENCE = 1_000


class Stretch(NamedTuple):
    """Part of a UTC date: its midnight, how many events each minute has, and which minutes are before an open."""

    midnight: int
    due: Longs
    opening: tuple[bool, ...]


class Floor:
    """Books whose events are interleaved as their shares say. The same arguments give the same records."""

    def __init__(
        self, seats: tuple[Seat, ...], key: int, opened: int, hazards: frozenset[str], style: int = FUTURES
    ) -> None:
        self.hazards, self._style = hazards, style
        self._chance = np.random.Generator(np.random.Philox(key=key))
        self._pits = empty_pit(seats, key, opened)
        self.pit = self._pits[0]
        self._gapped: set[tuple[int, int]] = set()  # instruments at publishers
        if style != FUTURES and len(seats) > 1:
            self.pit["joint"] = UNRULY if "crossed" in hazards else MINDFUL
        for book in range(len(seats) if style == FUTURES else 0):
            crowd(self._pits, book, bits(hazards))
        came = self.pit["came"]
        came[:] = opened - self._chance.integers(1, OLDEST, came.shape)

    def opening(self, moment: int, sequence: int = FIRST_SEQUENCE) -> Rows:
        """How a file begins, or a trade date: of futures with a snapshot of every book, of shares with a clear."""
        self.pit["received"], self.pit["sequence"] = moment, sequence
        books = range(int(self.pit["books"]))
        if self._style != FUTURES:
            return np.concatenate([cleared(self.pit, book, is_flagged=False) for book in books])
        bare = "bare" in self.hazards
        return np.concatenate([snapshot(self.pit, book, is_bare=bare and book == 1) for book in books])

    def go_through(self, stretch: Stretch) -> None:
        """Make what happens and tell nobody."""
        for _ in self._made(self._begin(stretch)):
            pass

    def told(self, stretch: Stretch, *, staged: bool) -> Iterator[Rows]:
        """What happens as it is told; where it is staged, scenes out of the ordinary lie between its parts."""
        edges = np.linspace(0, self._begin(stretch), STRETCHES + 1).astype(int)
        for part, count in enumerate(np.diff(edges), 1):
            for rows in self._made(int(count)):
                yield self._as_told(rows)
            for what, book in scenes(part, self.hazards) if staged else ():
                yield self._scene(what, book % int(self.pit["books"]))

    def _begin(self, stretch: Stretch) -> int:
        """Set the clock; how many events there are."""
        pit = self.pit
        pit["midnight"], pit["minute"], pit["given"] = stretch.midnight, 0, 0
        pit["moment"] = max(int(pit["moment"]), stretch.midnight)
        pit["due"][:], pit["opening"][:] = stretch.due, stretch.opening
        return int(stretch.due.sum())

    def _made(self, events: int) -> Iterator[Rows]:
        """So many events."""
        self.pit["left"] = events
        rows = np.zeros(min(PIECE, events * 4 + 2 * LONGEST), PLAIN)
        while self.pit["left"] > 0:
            made = act(self._pits, rows, self._style, bits(self.hazards))
            if made:
                yield rows[:made].copy()

    def _scene(self, what: str, book: int) -> Rows:
        """Something out of the ordinary, between two events."""
        if what == "gap":
            return self._gap()
        if what == "clears":
            leave_all(self.pit, book)
            return self._as_told(cleared(self.pit, book, is_flagged=True))
        self.pit["sequence"] += 1
        return self._as_told(snapshot(self.pit, book, is_bare=what == "bare"))

    def _gap(self) -> Rows:
        """Events that are lost, the last of them perhaps but for its end; what is heard next is flagged."""
        self.pit["left"] = LOST
        rows = np.zeros(LOST * LONGEST, PLAIN)
        made = act(self._pits, rows, self._style, bits(self.hazards))
        whose = zip(self.pit["instrument"].tolist(), self.pit["publisher"].tolist(), strict=True)
        self._gapped = {each for each in whose if each[0]}
        lost = made - int(self._chance.integers(0, 3))
        return self._as_told(rows[max(lost, 0) : made].copy())

    def _as_told(self, rows: Rows) -> Rows:
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
