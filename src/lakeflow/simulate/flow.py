"""What traders do to one instrument: adds, cancels, modifies and trades that keep a book alive, as the vendor tells them."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lakeflow.simulate.book import ASK, BID, Book, Order
from lakeflow.vendors.databento.codes import UNDEF_PRICE

OTHER = {BID: ASK, ASK: BID}
TARGET = 600  # resting orders that the flow drifts towards
THIN = 6  # a side with fewer levels is refilled before anything else happens, so that neither is ever empty
REACH = 40  # ticks from the touch that new orders are spread over at the start of a day


class Line(NamedTuple):
    """One record of an event: what happened to which order; the clock and the flags are the day's to give."""

    action: str
    side: str
    order_id: int
    price: int
    size: int


def draws(*key: object) -> Iterator[float]:
    """Endless numbers in [0, 1) that follow from the key alone: no global state, the same on every machine."""
    digest = hashlib.sha256(repr(key).encode()).digest()
    generator = np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))
    while True:
        yield from generator.random(4096).tolist()


class Flow:
    """The life of one instrument over one day; `book` is the truth after every event."""

    def __init__(self, tick: int, opening: int, first_id: int, chance: Iterator[float]) -> None:
        self.book = Book()
        self._tick = tick
        self._next_id = first_id
        self._chance = chance
        self._centre = opening // tick
        for n in range(TARGET):
            side = BID if n % 2 else ASK
            away = 1 + int(next(chance) * REACH)
            self._place(Order(side, self._centre + (away if side == ASK else -away), self._size()))

    def snapshot(self) -> list[Line]:
        """The book as the vendor starts a day with it: a clear, then every order by level and priority."""
        lines = [Line("R", "N", 0, UNDEF_PRICE, 0)]
        for side, ticks in self.book.levels.items():
            for tick in sorted(ticks, reverse=side == BID):
                lines += (
                    self._line("A", id_, self.book.orders[id_].size) for id_ in self.book.queue(side, tick)
                )
        return lines

    def event(self) -> list[Line]:
        """The next thing that happens, done to the book and told as records."""
        counts = {side: len(self.book.levels[side]) for side in (BID, ASK)}
        thin = min(counts, key=lambda side: counts[side])
        if counts[thin] < THIN:
            return self._add(thin)
        crowding = 0.06 * min(1.0, max(-1.0, (len(self.book.orders) - TARGET) / TARGET))
        kind = next(self._chance)
        if kind < 0.44 - crowding:
            return self._add(BID if next(self._chance) < 0.5 else ASK)
        if kind < 0.87:
            return self._cancel()
        return self._modify() if kind < 0.97 else self._trade()

    def _add(self, side: str) -> list[Line]:
        """A new order, mostly near the touch, sometimes inside the spread, never across it."""
        chance = next(self._chance)
        away = int(chance * chance * REACH) - 1
        order_id = self._place(Order(side, self._near(side, away), self._size()))
        return [self._line("A", order_id, self.book.orders[order_id].size)]

    def _cancel(self) -> list[Line]:
        order_id = self.book.pick(next(self._chance))
        held = self.book.orders[order_id].size
        size = max(1, held // 2) if next(self._chance) < 0.15 else held
        line = self._line("C", order_id, size)
        self.book.reduce(order_id, size)
        return [line]

    def _modify(self) -> list[Line]:
        """A smaller size keeps the order's place; a larger one, or another price, loses it."""
        order_id = self.book.pick(next(self._chance))
        order, kind = self.book.orders[order_id], next(self._chance)
        if kind < 0.4 and order.size > 1:
            self.book.change(order_id, order.tick, order.size - 1)
        elif kind < 0.6:
            self.book.change(order_id, order.tick, order.size + self._size())
        else:
            self.book.change(order_id, self._near(order.side, int(next(self._chance) * 8)), order.size)
        return [self._line("M", order_id, self.book.orders[order_id].size)]

    def _trade(self) -> list[Line]:
        """An aggressor takes from the front of the best level, or all of it: T, the fills, what became of each order."""
        aggressor = BID if next(self._chance) < 0.5 else ASK
        tick = self.book.best(OTHER[aggressor])
        assert tick is not None, "a side is never empty"
        fills = self._taken(OTHER[aggressor], tick)
        traded = Line("T", aggressor, self._take_id(), tick * self._tick, sum(size for _, size in fills))
        told = [self._line("F", order_id, size) for order_id, size in fills]
        return [traded, *told, *(self._fill(order_id, size) for order_id, size in fills)]

    def _taken(self, side: str, tick: int) -> list[tuple[int, int]]:
        """Which orders of a level are filled, and by how much; one aggressor in four sweeps it."""
        sweeps = next(self._chance) < 0.25
        wanted, fills = self._size() * 2, []
        for order_id in self.book.queue(side, tick):
            size = self.book.orders[order_id].size if sweeps else min(wanted, self.book.orders[order_id].size)
            if size == 0:
                break
            fills.append((order_id, size))
            wanted -= size
        return fills

    def _fill(self, order_id: int, size: int) -> Line:
        """CME tells a full fill as a cancel and a partial one as a modify to what is left."""
        if size == self.book.orders[order_id].size:
            line = self._line("C", order_id, size)
            self.book.reduce(order_id, size)
            return line
        self.book.reduce(order_id, size)
        return self._line("M", order_id, self.book.orders[order_id].size)

    def _near(self, side: str, away: int) -> int:
        """The tick so far behind the touch of a side (-1 is inside the spread) that does not meet the other side."""
        best, other = self.book.best(side), self.book.best(OTHER[side])
        assert best is not None, "a side is never empty"
        assert other is not None, "a side is never empty"
        return min(best - away, other - 1) if side == BID else max(best + away, other + 1)

    def _place(self, order: Order) -> int:
        order_id = self._take_id()
        self.book.add(order_id, order)
        return order_id

    def _take_id(self) -> int:
        self._next_id += 1
        return self._next_id

    def _size(self) -> int:
        chance = next(self._chance)
        return 1 + int(chance * chance * chance * 20)

    def _line(self, action: str, order_id: int, size: int) -> Line:
        order = self.book.orders[order_id]
        return Line(action, order.side, order_id, order.tick * self._tick, size)
