"""MBO records as the columns of a table: one pass over the bytes, exact integers, what is undefined as null."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
from numba import njit

from lakeflow.vendors.databento.codes import ACTIONS, SIDES, UNDEF_PRICE, UNDEF_TIMESTAMP
from lakeflow.vendors.databento.layouts import MBO

Records = npt.NDArray[np.void]

ACTION = pl.Enum(list(ACTIONS))
SIDE = pl.Enum(list(SIDES))
ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN = (np.uint64(n) for n in range(1, 8))
NONE = 255  # the code of an action or a side that DBN does not have


def _codes(letters: str) -> npt.NDArray[np.uint8]:
    codes = np.full(256, NONE, np.uint8)
    for code, letter in enumerate(letters):
        codes[ord(letter)] = code
    return codes


ACTION_CODES, SIDE_CODES = _codes(ACTIONS), _codes(SIDES)


class Columns(NamedTuple):
    """The fields of MBO records, one array each; `action` and `side` are places in ACTIONS and SIDES, or NONE."""

    publisher_id: npt.NDArray[np.uint16]
    instrument_id: npt.NDArray[np.uint32]
    ts_event: npt.NDArray[np.uint64]
    order_id: npt.NDArray[np.uint64]
    price: npt.NDArray[np.int64]
    size: npt.NDArray[np.uint32]
    flags: npt.NDArray[np.uint8]
    channel_id: npt.NDArray[np.uint8]
    action: npt.NDArray[np.uint8]
    side: npt.NDArray[np.uint8]
    ts_recv: npt.NDArray[np.uint64]
    ts_in_delta: npt.NDArray[np.int32]
    sequence: npt.NDArray[np.uint32]


KINDS = [np.dtype("u1") if MBO[name].kind == "S" else MBO[name] for name in Columns._fields]


def columns(records: Records) -> Columns:
    """Split records into columns."""
    made = empty(len(records))
    split(words(records), np.arange(len(records)), made, 0)
    return made


def empty(rows: int) -> Columns:
    """Room for this many records."""
    return Columns._make([np.empty(rows, kind) for kind in KINDS])


def words(records: Records) -> npt.NDArray[np.uint64]:
    """The bytes of records as words of 64 bits, seven each."""
    return np.ascontiguousarray(records).view(np.uint64)


def split(given: npt.NDArray[np.uint64], chosen: npt.NDArray[np.int64], out: Columns, start: int) -> None:
    """Put the fields of the chosen records into columns, from a row on."""
    _split(given, chosen.view(np.uint64), ACTION_CODES, SIDE_CODES, np.uint64(start), *out)


@njit(cache=True, nogil=True, error_model="numpy")
def _split(  # type: ignore[no-untyped-def]  # noqa: ANN202, PLR0913, PLR0917  a kernel; numba infers its types
    words, chosen, actions, sides, start,  # noqa: ANN001  numba infers them
    publisher_id, instrument_id, ts_event, order_id, price, size, flags, channel_id, action, side, ts_recv, ts_in_delta, sequence,  # noqa: ANN001  as above
):  # fmt: skip
    """Shifting fields out of words is six times faster than numpy's strided copies; unsigned places need no sign looked at."""
    for i in range(len(chosen)):
        at, row = SEVEN * chosen[i], start + np.uint64(i)
        head, tail, last = words[at], words[at + FOUR], words[at + SIX]
        publisher_id[row] = (head >> np.uint64(16)) & np.uint64(0xFFFF)
        instrument_id[row] = head >> np.uint64(32)
        ts_event[row] = words[at + ONE]
        order_id[row] = words[at + TWO]
        price[row] = np.int64(words[at + THREE])
        size[row] = tail & np.uint64(0xFFFFFFFF)
        flags[row] = (tail >> np.uint64(32)) & np.uint64(0xFF)
        channel_id[row] = (tail >> np.uint64(40)) & np.uint64(0xFF)
        action[row] = actions[(tail >> np.uint64(48)) & np.uint64(0xFF)]
        side[row] = sides[tail >> np.uint64(56)]
        ts_recv[row] = words[at + FIVE]
        ts_in_delta[row] = np.int32(last & np.uint64(0xFFFFFFFF))
        sequence[row] = last >> np.uint64(32)


def table(of: Columns, rows: npt.NDArray[np.int64]) -> pl.DataFrame:
    """The columns as a frame over the same memory, with the number of each row; actions and sides must be known."""
    given = {"row": rows, "in_delta_ns": of.ts_in_delta, **of._asdict()}
    arrays = [_arrow(given[field.name], field) for field in FIELDS]
    return pl.DataFrame(pl.from_arrow(pa.table(arrays, schema=FIELDS)))


def _enum(name: str, kind: pl.Enum) -> pa.Field:
    """As polars writes it: with what it adds, an Enum comes back and no text."""
    field: pa.Field = pl.Series(name, [], kind).to_frame().to_arrow().schema.field(0)
    return field


FIELDS = pa.schema(
    [
        ("row", pa.int64()),
        ("ts_event", pa.timestamp("ns", "UTC")),
        ("ts_recv", pa.timestamp("ns", "UTC")),
        ("publisher_id", pa.uint16()),
        ("instrument_id", pa.uint32()),
        ("order_id", pa.uint64()),
        ("price", pa.int64()),
        ("size", pa.uint32()),
        ("flags", pa.uint8()),
        ("channel_id", pa.uint8()),
        _enum("action", ACTION),
        _enum("side", SIDE),
        ("in_delta_ns", pa.int32()),
        ("sequence", pa.uint32()),
    ]
)
LETTERS = {
    name: pl.Series(list(letters)).to_arrow()  # pa.array would import pandas
    for name, letters in (("action", ACTIONS), ("side", SIDES))
}
UNDEFINED = {"ts_event": UNDEF_TIMESTAMP, "ts_recv": UNDEF_TIMESTAMP, "price": UNDEF_PRICE}


def _arrow(column: npt.NDArray[np.generic], field: pa.Field) -> pa.Array:
    """The same memory, with null for what is undefined; `pa.array` would copy."""
    if field.name in LETTERS:
        codes = pa.Array.from_buffers(pa.uint8(), len(column), [None, pa.py_buffer(column)])
        return pa.DictionaryArray.from_arrays(codes, LETTERS[field.name], ordered=True, safe=False)
    known = None
    if field.name in UNDEFINED:
        is_known = column != UNDEFINED[field.name]
        known = None if is_known.all() else pa.py_buffer(np.packbits(is_known, bitorder="little"))
    return pa.Array.from_buffers(field.type, len(column), [known, pa.py_buffer(column)])
