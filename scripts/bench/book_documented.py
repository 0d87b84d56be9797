"""The order book of Databento's documentation in plain Python, shortened: lists in sorted dicts, searched from end to end."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

F_LAST = 128


class Order(NamedTuple):
    """A resting order."""

    order_id: int
    side: str
    price: int
    size: int


@dataclass
class Side:
    """The levels of a side, and their prices from the lowest to the highest."""

    levels: dict[int, list[Order]] = field(default_factory=dict)
    prices: list[int] = field(default_factory=list)

    def best(self, place: int) -> tuple[int, int, int] | None:
        """Price, size and count of the first or the last price; counted anew each time."""
        if not self.prices:
            return None
        level = self.levels[self.prices[place]]
        return self.prices[place], sum(order.size for order in level), len(level)


@dataclass
class DocumentedBook:
    """Orders by id, and by side and price."""

    orders: dict[int, Order] = field(default_factory=dict)
    sides: dict[str, Side] = field(default_factory=lambda: {"B": Side(), "A": Side()})

    def follow(self, records: npt.NDArray[np.void]) -> None:
        """Apply the records and read nothing."""
        for said, action, _ in _told(records):
            self.apply(action, said)

    def replay(self, records: npt.NDArray[np.void]) -> int:
        """Apply the records and count how often the best bid or ask changed at the end of an event."""
        changes, told = 0, None
        for said, action, flags in _told(records):
            self.apply(action, said)
            if flags & F_LAST:
                best = self.sides["B"].best(-1), self.sides["A"].best(0)
                changes += best != told
                told = best
        return changes

    def apply(self, action: str, said: Order) -> None:
        """Do what a record says."""
        if action == "A":
            self._insert(said)
        elif action == "C":
            old = self.orders[said.order_id]
            self._replace(old, old._replace(size=old.size - said.size))
        elif action == "M":
            old = self.orders[said.order_id]
            if said.price == old.price and said.size <= old.size:
                self._replace(old, said)
            else:
                self._replace(old, old._replace(size=0))
                self._insert(said)

    def _insert(self, order: Order) -> None:
        side = self.sides[order.side]
        if order.price not in side.levels:
            side.levels[order.price] = []
            insort(side.prices, order.price)
        side.levels[order.price].append(order)
        self.orders[order.order_id] = order

    def _replace(self, old: Order, new: Order) -> None:
        side = self.sides[old.side]
        level = side.levels[old.price]
        place = level.index(old)
        if new.size:
            level[place] = self.orders[old.order_id] = new
            return
        del level[place], self.orders[old.order_id]
        if not level:
            del side.levels[old.price], side.prices[bisect_left(side.prices, old.price)]


def _told(records: npt.NDArray[np.void]) -> Iterator[tuple[Order, str, int]]:
    names = ("action", "side", "order_id", "price", "size", "flags")
    columns = (records[name].tolist() for name in names)
    for action, side, order_id, price, size, flags in zip(*columns, strict=True):
        yield Order(order_id, side.decode(), price, size), action.decode(), flags
