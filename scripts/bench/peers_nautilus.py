"""nautilus_trader's L3 book: a prepared batch in one call, one by one with the touch read, and its ten levels read out."""

from decimal import Decimal
from typing import Any

from book_day import Records
from nautilus_trader.core import nautilus_pyo3 as rust
from nautilus_trader.model.book import OrderBook
from nautilus_trader.model.data import OrderBookDelta, OrderBookDeltas
from nautilus_trader.model.enums import BookAction, BookType, OrderSide
from nautilus_trader.model.identifiers import InstrumentId

NAME = "ESH6.GLBX"
ACTIONS = {b"A": BookAction.ADD, b"C": BookAction.DELETE, b"M": BookAction.UPDATE}
SIDES = {b"B": OrderSide.BUY, b"A": OrderSide.SELL}
FIELDS = ("action", "side", "price", "size", "order_id", "flags", "ts_event", "ts_recv")
LEVELS = 10
READ_OUTS = 1_000  # of the ten levels; one takes as long as thousands of our records


class Nautilus:
    """Everything prepared before the clock runs; the read-out of ten levels begins in the book that the batch leaves."""

    def __init__(self, records: Records) -> None:
        instrument = InstrumentId.from_str(NAME)
        # Its numbers have sixteen digits after the point where the vendor's prices have nine.
        to_price, to_size = 10 ** (rust.FIXED_PRECISION - 9), 10**rust.FIXED_PRECISION
        self._deltas = [
            OrderBookDelta.from_raw(
                instrument, ACTIONS[action], SIDES[side], price * to_price, 2, size * to_size, 0,
                order_id, flags, 0, event, received,
            )
            for action, side, price, size, order_id, flags, event, received in zip(
                *(records[name].tolist() for name in FIELDS), strict=True
            )
        ]  # fmt: skip
        self._instrument = instrument
        self._batch = OrderBookDeltas(instrument, self._deltas)
        self._last = OrderBookDelta.to_pyo3_list(self._deltas[-READ_OUTS:])
        before = OrderBookDelta.to_pyo3_list(self._deltas[:-READ_OUTS])
        self._before = rust.OrderBookDeltas(rust.InstrumentId.from_str(NAME), before)

    def apply(self) -> Any:
        """The whole batch, in Rust."""
        book = OrderBook(self._instrument, BookType.L3_MBO)
        book.apply_deltas(self._batch)
        return book

    def touch(self) -> None:
        book = OrderBook(self._instrument, BookType.L3_MBO)
        apply = book.apply_delta
        reads = book.best_bid_price, book.best_bid_size, book.best_ask_price, book.best_ask_size
        for delta in self._deltas:
            apply(delta)
            for read in reads:
                read()

    def filled(self) -> Any:
        """A book for `ten_levels`, with everything but the last records in it."""
        book = rust.OrderBook(rust.InstrumentId.from_str(NAME), rust.BookType.L3_MBO)
        book.apply_deltas(self._before)
        return book

    def ten_levels(self, book: Any) -> None:
        """Prices and sizes alone, by the fastest of the ways that it has; the counts would take twice as long."""
        for delta in self._last:
            book.apply_delta(delta)
            book.bids_to_dict(LEVELS)
            book.asks_to_dict(LEVELS)

    def best(self) -> tuple[Decimal, Decimal]:
        """Its last best bid and ask."""
        book = self.apply()
        return Decimal(str(book.best_bid_price())), Decimal(str(book.best_ask_price()))
