"""The flows of a parent's instruments over one trade date: how they open, and what is told of them stretch by stretch."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from lakeflow.simulate.clock import MINUTE
from lakeflow.simulate.contracts import Instrument, nanoseconds
from lakeflow.simulate.flow import Flow, Line, draws
from lakeflow.simulate.trade_dates import before, close_minute
from lakeflow.vendors.databento.codes import F_BAD_TS_RECV, F_LAST, F_PUBLISHER_SPECIFIC, F_SNAPSHOT
from lakeflow.vendors.databento.layouts import MBO

LENGTH, RTYPE, PUBLISHER, CHANNEL = MBO.itemsize // 4, 0xA0, 1, 0
REPLAYED = F_SNAPSHOT | F_BAD_TS_RECV  # 40
ENDED = F_LAST | F_PUBLISHER_SPECIFIC  # 130, as CME's records end their events
OLDEST = 5 * 86_400_000_000_000  # how long before the open a resting order may have come

Row = tuple[Any, ...]


class Reached(NamedTuple):
    """How far the file has come: the latest receipt, and the last sequence number."""

    received: int
    sequence: int


def first_id(n: int, on: date) -> int:
    """Below the order numbers of the n-th instrument on a trade date; no other date near it has them."""
    return 6_413_000_000_000 + n * 100_000_000_000 + on.toordinal() % 500 * 200_000_000


def opened(on: date) -> int:
    """When a trade date's books are made up: at the close of the one before it."""
    eve = before(on)
    return nanoseconds(eve) + close_minute(eve) * MINUTE


class Session:
    """A trade date of a parent, from the close of the last one on; each flow's book is the truth so far."""

    def __init__(self, instruments: tuple[Instrument, ...], on: date, seed: int) -> None:
        self._instruments = instruments
        self.chance = draws("clock", instruments[0].symbol, on.isoformat(), seed)
        self.flows = {
            each.symbol: Flow(
                each.tick,
                each.opening,
                first_id=first_id(n, on),
                chance=draws("flow", each.symbol, on.isoformat(), seed),
            )
            for n, each in enumerate(instruments)
        }
        self._came = {
            order_id: opened(on) - int(next(self.chance) * OLDEST)
            for flow in self.flows.values()
            for order_id in flow.book.orders
        }
        self.reached = Reached(0, 0)

    def snapshot(self, moment: int, sequence: int) -> Iterator[Row]:
        """Every book; the vendor stamps its orders with the time they came, which may be days before."""
        self.reached = Reached(moment, sequence)
        for each in self._instruments:
            lines = self.flows[each.symbol].snapshot()
            for n, line in enumerate(lines, 1):
                came = self._came.get(line.order_id, moment)
                flags = REPLAYED | F_LAST if n == len(lines) else REPLAYED
                yield _row(each, line, (came, moment, 0), flags, 0 if line.action == "R" else n)

    def told(self, moments: Iterable[int]) -> Iterator[Row]:
        """An event at each of these moments."""
        for moment in moments:
            each = self._whose(next(self.chance))
            received = max(self.reached.received, moment + 80_000 + int(next(self.chance) * 60_000))
            sequence = self.reached.sequence + 1 + int(next(self.chance) * 2)
            lines = self.flows[each.symbol].event()
            delta = 12_000 + int(next(self.chance) * 3_000)
            self.reached = Reached(received, sequence)
            for n, line in enumerate(lines, 1):
                if line.action == "A":
                    self._came[line.order_id] = moment
                flags = ENDED if n == len(lines) else 0
                yield _row(each, line, (moment, received, delta), flags, sequence)

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
