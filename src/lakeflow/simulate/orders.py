"""A day of a parent's order records: snapshots at midnight, then every event with its times, flags and sequence."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from lakeflow.simulate.clock import moments, weights
from lakeflow.simulate.contracts import Instrument, nanoseconds
from lakeflow.simulate.flow import Flow, Line, draws
from lakeflow.vendors.databento.codes import F_BAD_TS_RECV, F_LAST, F_PUBLISHER_SPECIFIC, F_SNAPSHOT
from lakeflow.vendors.databento.layouts import MBO

LENGTH, RTYPE, PUBLISHER, CHANNEL = MBO.itemsize // 4, 0xA0, 1, 0
REPLAYED = F_SNAPSHOT | F_BAD_TS_RECV  # 40
ENDED = F_LAST | F_PUBLISHER_SPECIFIC  # 130, as CME's records end their events
CHUNK = 16_384
OLDEST = 5 * 86_400_000_000_000  # how long before midnight a resting order may have come

Row = tuple[Any, ...]


class Orders:
    """The flows of a parent's instruments on one date, interleaved; each flow's book is the truth so far."""

    def __init__(self, instruments: tuple[Instrument, ...], day: date, seed: int) -> None:
        self._instruments = instruments
        self._day = day
        self._chance = draws("clock", instruments[0].symbol, day.isoformat(), seed)
        self.flows = {
            each.symbol: Flow(
                each.tick,
                each.opening,
                first_id=6_413_000_000_000 + n * 100_000_000_000,
                chance=draws("flow", each.symbol, day.isoformat(), seed),
            )
            for n, each in enumerate(instruments)
        }

    def records(self, events: int) -> Iterator[npt.NDArray[np.void]]:
        """Every record of the day, in chunks; none at all on a day when the market is closed."""
        rows = self._rows(events) if any(weights(self._day)) else iter(())
        while chunk := list(islice(rows, CHUNK)):
            yield np.array(chunk, MBO)

    def _rows(self, events: int) -> Iterator[Row]:
        for each in self._instruments:
            yield from self._snapshot(each)
        received, sequence = nanoseconds(self._day), 1_000
        for moment in moments(self._day, events, self._chance):
            each = self._whose(next(self._chance))
            received = max(received, moment + 80_000 + int(next(self._chance) * 60_000))
            sequence += 1 + int(next(self._chance) * 2)
            lines = self.flows[each.symbol].event()
            delta = 12_000 + int(next(self._chance) * 3_000)
            for n, line in enumerate(lines, 1):
                yield _row(each, line, (moment, received, delta), ENDED if n == len(lines) else 0, sequence)

    def _snapshot(self, each: Instrument) -> Iterator[Row]:
        """The vendor stamps a snapshot's orders with the time they came, which may be days before."""
        midnight = nanoseconds(self._day)
        lines = self.flows[each.symbol].snapshot()
        for n, line in enumerate(lines, 1):
            came = midnight - int(next(self._chance) * OLDEST)
            flags = REPLAYED | F_LAST if n == len(lines) else REPLAYED
            yield _row(each, line, (came, midnight, 0), flags, 0 if line.action == "R" else n)

    def _whose(self, chance: float) -> Instrument:
        for each in self._instruments:
            chance -= each.share
            if chance < 0:
                return each
        return self._instruments[-1]


def _row(each: Instrument, line: Line, times: tuple[int, int, int], flags: int, sequence: int) -> Row:
    happened, received, delta = times
    return (
        LENGTH,
        RTYPE,
        PUBLISHER,
        each.instrument_id,
        happened,
        line.order_id,
        line.price,
        line.size,
        flags,
        CHANNEL,
        line.action.encode(),
        line.side.encode(),
        received,
        delta,
        sequence,
    )
