"""Rows of orders put by until they are a table, by symbol: many records of many instruments in, large frames of one each out."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from lakeflow.vendors.databento.orders import Columns, Places, empty, split, table

FULL = 262_144  # rows of one frame: as many as a row group holds
SMALL = 256  # rows that a tray begins with: there are thousands of spreads, and few of them trade
HELD = 1 << 20  # rows in all trays together, however many there are

Words = npt.NDArray[np.uint64]


class Tray:
    """The rows of one symbol so far."""

    def __init__(self, symbol: str) -> None:
        self.rows = 0
        self._is_undefined = False  # a time or a price, in any row so far
        self._symbol = pl.Series("symbol", [symbol]).cast(pl.Enum([symbol]))
        self._make_room(SMALL)

    @property
    def space(self) -> int:
        return FULL - self.rows

    def put(self, words: Words, chosen: Places, first_row: int) -> None:
        """Take the chosen records; `first_row` is the number of the first one of all, chosen or not."""
        end = self.rows + len(chosen)
        if end > len(self._numbers):
            self._grow(end)
        self._is_undefined |= split(words, chosen, self._columns, self._numbers, self.rows, first_row)
        self.rows = end

    def take(self) -> pl.DataFrame:
        """What is in the tray; it is empty then, and as large as it was."""
        columns = Columns._make(column[: self.rows] for column in self._columns)
        frame = table(columns, self._numbers[: self.rows], is_undefined=self._is_undefined)
        symbol = self._symbol.new_from_index(0, self.rows)
        self._make_room(len(self._numbers))
        self._is_undefined = False
        return frame.hstack([symbol])  # `with_columns` would wake the query engine for it

    def _make_room(self, rows: int) -> None:
        self._columns, self._numbers, self.rows = empty(rows), np.empty(rows, np.int64), 0

    def _grow(self, rows: int) -> None:
        columns, numbers, held = self._columns, self._numbers, self.rows
        self._make_room(min(FULL, max(rows, 4 * len(numbers))))
        self._numbers[:held], self.rows = numbers[:held], held
        for name, column in columns._asdict().items():
            getattr(self._columns, name)[:held] = column[:held]


class Trays:
    """A tray for each symbol, emptied when it is full, or when all of them together hold much."""

    def __init__(self) -> None:
        self._trays: dict[str, Tray] = {}
        self._held = 0

    def put(self, symbol: str, words: Words, chosen: Places, first_row: int) -> Iterator[pl.DataFrame]:
        """Take the chosen records of one symbol; the frames that are full with them."""
        tray = self._trays.get(symbol) or self._trays.setdefault(symbol, Tray(symbol))
        while len(chosen):
            some, chosen = chosen[: tray.space], chosen[tray.space :]
            tray.put(words, some, first_row)
            self._held += len(some)
            if not tray.space:
                yield self._take(tray)
        if self._held >= HELD:
            yield from self.rest()

    def unused(self, symbols: Iterable[str]) -> Iterator[pl.DataFrame]:
        """A frame without rows for each symbol of which nothing was ever put."""
        for symbol in sorted(set(symbols) - self._trays.keys()):
            yield Tray(symbol).take()

    def rest(self) -> Iterator[pl.DataFrame]:
        """All that is in any tray."""
        for tray in self._trays.values():
            if tray.rows:
                yield self._take(tray)

    def _take(self, tray: Tray) -> pl.DataFrame:
        self._held -= tray.rows
        return tray.take()
