"""The simulator's own order book: plain dicts, first in first out, and the truth that other books are judged by."""

from dataclasses import dataclass, field
from typing import NamedTuple

BID, ASK = "B", "A"


class Order(NamedTuple):
    """A resting order."""

    side: str
    tick: int
    size: int


@dataclass
class Book:
    """Every resting order of one instrument, by id, and by side and tick in the order of their priority."""

    orders: dict[int, Order] = field(default_factory=dict)
    levels: dict[str, dict[int, dict[int, None]]] = field(default_factory=lambda: {BID: {}, ASK: {}})
    _best: dict[str, int | None] = field(default_factory=lambda: {BID: None, ASK: None})
    _ids: list[int] = field(default_factory=list)  # every id once, in no order: a fair draw is one index
    _places: dict[int, int] = field(default_factory=dict)

    def best(self, side: str) -> int | None:
        """The best tick of a side; None when it is empty."""
        return self._best[side]

    def queue(self, side: str, tick: int) -> list[int]:
        """The ids on a level, the first to be filled first."""
        return list(self.levels[side].get(tick, ()))

    def pick(self, chance: float) -> int:
        """The order that a number in [0, 1) falls on."""
        return self._ids[int(chance * len(self._ids))]

    def add(self, order_id: int, order: Order) -> None:
        """Put a new order behind all others of its level."""
        self.orders[order_id] = order
        self._places[order_id] = len(self._ids)
        self._ids.append(order_id)
        self._join(order_id, order)

    def reduce(self, order_id: int, size: int) -> None:
        """Take some of an order away; with nothing left it is gone. It keeps its place."""
        order = self.orders[order_id]
        if size < order.size:
            self.orders[order_id] = order._replace(size=order.size - size)
            return
        del self.orders[order_id]
        self._leave(order_id, order)
        place, last = self._places.pop(order_id), self._ids.pop()
        if last != order_id:
            self._ids[place] = last
            self._places[last] = place

    def change(self, order_id: int, tick: int, size: int) -> None:
        """Set an order's tick and size; it loses its place when the tick changes or the size grows."""
        old = self.orders[order_id]
        self.orders[order_id] = new = Order(old.side, tick, size)
        if tick != old.tick or size > old.size:
            self._leave(order_id, old)
            self._join(order_id, new)

    def _join(self, order_id: int, order: Order) -> None:
        self.levels[order.side].setdefault(order.tick, {})[order_id] = None
        best = self._best[order.side]
        if best is None or (order.tick > best) == (order.side == BID):
            self._best[order.side] = order.tick

    def _leave(self, order_id: int, order: Order) -> None:
        ticks = self.levels[order.side]
        del ticks[order.tick][order_id]
        if not ticks[order.tick]:
            del ticks[order.tick]
            if order.tick == self._best[order.side]:
                better = max if order.side == BID else min
                self._best[order.side] = better(ticks, default=None)
