"""Frames of bronze orders as the words that a book reads, some at a time."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from lakeflow.market.packing import NO_TIME, Letters, Orders, pack
from lakeflow.market.records import UNDEF_PRICE, Words

CHUNK = 8_192  # records whose words stay in the processor's cache
MISSING = {"ts_event": NO_TIME, "price": int(UNDEF_PRICE)}  # what stands for a value that is not known
KINDS: dict[str, Any] = {
    "row": np.int64,
    "ts_recv": np.int64,
    "ts_event": np.int64,
    "order_id": np.uint64,
    "price": np.int64,
    "size": np.uint32,
    "sequence": np.uint32,
    "publisher_id": np.uint16,
    "flags": np.uint8,
    "action": np.uint8,
    "side": np.uint8,
}

Rows = npt.NDArray[np.int64]


def packed(orders: pl.DataFrame) -> Iterator[tuple[Words, Rows]]:
    """Seven words a record, and the `row` of each. The words are written over by the next."""
    columns, buffer = columns_of(orders), np.empty(CHUNK * 7, np.uint64)
    letters = Letters(letters_of(orders, "action"), letters_of(orders, "side"))
    for first in range(0, orders.height, CHUNK):
        part = columns.part(first, first + CHUNK)
        yield pack(part, letters, buffer), part.row


def columns_of(orders: pl.DataFrame) -> Orders:
    """The columns as numbers; all are asked for at once, for to ask costs more than to answer."""
    plain = orders.select(
        pl.col(name).to_physical().fill_null(MISSING[name]) if name in MISSING else pl.col(name).to_physical()
        for name in KINDS
    )
    return Orders(
        **{name: np.ascontiguousarray(plain[name].to_numpy(), kind) for name, kind in KINDS.items()}
    )


def letters_of(orders: pl.DataFrame, name: str) -> npt.NDArray[np.uint8]:
    kind = orders.schema[name]
    assert isinstance(kind, pl.Enum)
    return np.array([ord(letter) for letter in kind.categories], np.uint8)
