"""Which records the columns of a Parquet file are, and a column as a field of them; what a record has no room for is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lakeflow.vendors.databento.layouts import Layout
from lakeflow.vendors.databento.schemas import LAYOUTS
from lakeflow.vendors.errors import ForeignFile

TIMES = frozenset({"ts_event", "ts_recv", "ts_ref", "activation", "expiration"})
AGAIN = 'write it again with to_parquet(price_type="fixed", map_symbols=True), or deliver the .dbn.zst itself'


class Kind(NamedTuple):
    """A schema in one version, as records hold it."""

    schema: str
    version: int
    layout: Layout

    @property
    def names(self) -> list[str]:
        """The fields that the vendor's client writes: all but the length and what is reserved."""
        return [n for n in self.layout.dtype.names or () if n != "length" and not n.startswith("_")]


def kind_of(path: Path, columns: pa.Schema, schema: str) -> Kind:
    """The latest version that has these columns; one that has most of them says what is wrong with the others."""
    kinds = [
        Kind(schema, version, layout) for version, layout in sorted(LAYOUTS[schema].items(), reverse=True)
    ]
    told = [(kind, list(_faults(columns, kind))) for kind in kinds]
    kind, faults = min(told, key=lambda each: len(each[1]))
    if faults:
        raise ForeignFile(path, 0, *faults[0], AGAIN)
    return kind


def _faults(columns: pa.Schema, kind: Kind) -> Iterator[tuple[str, str]]:
    """What was expected and found instead. Prices as floats are not the vendor's: which integer one was, they do not say."""
    for name in [*kind.names, "symbol"]:
        if name not in columns.names:
            yield f"the columns that to_parquet writes of {kind.schema} records", f"no {name}"
    for name in [each for each in kind.names if each in columns.names]:
        found, wanted = columns.field(name).type, kind.layout.dtype[name]
        is_time = name in TIMES and found == pa.timestamp("ns", "UTC")
        if pa.types.is_floating(found):
            yield f"{name} as {wanted}, exact in units of 1e-9", f"{found}, which is rounded"
        elif wanted.kind != "S" and found != pa.from_numpy_dtype(wanted) and not is_time:
            yield f"{name} as {wanted}", str(found)


class Place(NamedTuple):
    """A field of some records, the first of them at `offset`."""

    path: Path
    offset: int
    layout: Layout
    name: str

    def unfit(self, row: int, expected: str, found: str) -> ForeignFile:
        at = self.offset + row * self.layout.dtype.itemsize
        return ForeignFile(self.path, at, f"{expected} as {self.name}", found, AGAIN)


def values(place: Place, column: pa.Array) -> npt.NDArray[np.generic]:
    """What the field holds in each record."""
    kind = place.layout.dtype[place.name]
    return _texts(place, kind, column) if kind.kind == "S" else _numbers(place, column)


def _numbers(place: Place, column: pa.Array) -> npt.NDArray[np.generic]:
    """Numbers as the vendor has them; a time that is null is the one that means undefined."""
    if pa.types.is_timestamp(column.type):
        column = pc.fill_null(column.view(pa.int64()), -1)  # all bits set, as in DBN
        return np.asarray(column.to_numpy(zero_copy_only=False)).view(np.uint64)
    if column.null_count:
        raise place.unfit(pc.index(pc.is_null(column), value=True).as_py(), "a number", "null")
    return np.asarray(column.to_numpy(zero_copy_only=False))


def _texts(place: Place, kind: np.dtype[np.bytes_], column: pa.Array) -> npt.NDArray[np.bytes_]:
    """Text in the room that a record has for it; where there is none, the bytes are zero."""
    texts = pc.fill_null(column.cast(pa.large_string()), "")
    long = pc.index(pc.greater(pc.binary_length(texts), kind.itemsize), value=True).as_py()
    if long >= 0:
        room = "one letter" if kind.itemsize == 1 else f"at most {kind.itemsize} bytes"
        raise place.unfit(long, room, repr(texts[long].as_py()))
    codes = pc.dictionary_encode(texts)
    known = np.array([text.encode() for text in codes.dictionary.to_pylist()] or [b""], kind)
    chosen: npt.NDArray[np.bytes_] = known[codes.indices.to_numpy(zero_copy_only=False)]
    return chosen
