"""A day of a parent's order records: snapshots at midnight and at the close, and every event with its times, flags and sequence."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

import numpy as np
import numpy.typing as npt

from lakeflow.simulate.clock import MINUTE, MINUTES, events_on, moments, weights
from lakeflow.simulate.contracts import Instrument, nanoseconds, tonight
from lakeflow.simulate.flow import Flow
from lakeflow.simulate.session import Row, Session
from lakeflow.simulate.trade_dates import close_minute, following, trade_date
from lakeflow.vendors.databento.layouts import MBO

CHUNK = 16_384
FIRST_SEQUENCE = 1_000


class Orders:
    """The flows of a parent's instruments on one UTC date, interleaved; `flows` are those under way, with the truth so far.

    A trade date opens with books that follow from its date and the seed alone, so the evening before a date can be gone
    through again without any day before that: its end is the snapshot at midnight.
    """

    def __init__(
        self,
        instruments: tuple[Instrument, ...],
        day: date,
        seed: int,
        after_close: tuple[Instrument, ...] | None = None,
    ) -> None:
        self._day, self._seed = day, seed
        self._tonight = tonight(instruments, day) if after_close is None else after_close
        self._session = Session(instruments, trade_date(day), seed)

    @property
    def flows(self) -> dict[str, Flow]:
        return self._session.flows

    def records(self, events: int) -> Iterator[npt.NDArray[np.void]]:
        """Every record of the day, in chunks; none at all on a day when the market is closed."""
        rows = self._rows(events) if any(weights(self._day)) else iter(())
        while chunk := list(islice(rows, CHUNK)):
            yield np.array(chunk, MBO)

    def _rows(self, events: int) -> Iterator[Row]:
        day, close = self._day, close_minute(self._day)
        if close:
            self._go_through_evening(events)
        yield from self._session.snapshot(nanoseconds(day), FIRST_SEQUENCE)
        if close:
            yield from self._told(day, events, range(close))
            yield from self._close(nanoseconds(day) + (close + 1) * MINUTE)
        yield from self._told(day, events, range(close, MINUTES))

    def _go_through_evening(self, events: int) -> None:
        """What the file of the day before tells of this trade date."""
        eve = self._day - timedelta(days=1)
        for _ in self._told(eve, events, range(close_minute(eve), MINUTES)):
            pass

    def _told(self, day: date, events: int, minutes: range) -> Iterator[Row]:
        session = self._session
        yield from session.told(moments(day, events_on(day, events), session.chance, minutes))

    def _close(self, moment: int) -> Iterator[Row]:
        """The next trade date's books, told anew a minute after the close."""
        sequence = self._session.reached.sequence
        self._session = Session(self._tonight, following(self._day), self._seed)
        yield from self._session.snapshot(moment, sequence)
