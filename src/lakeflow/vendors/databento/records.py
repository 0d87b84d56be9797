"""The records of a DBN file as numpy arrays, chunk by chunk; one byte that is not as it should be refuses the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lakeflow.vendors.databento.codes import RTYPES
from lakeflow.vendors.databento.header import MAGIC, Header, take_header
from lakeflow.vendors.databento.layouts import Layout
from lakeflow.vendors.databento.schemas import LAYOUTS, VERSIONS
from lakeflow.vendors.databento.stream import DOWNLOAD, source
from lakeflow.vendors.errors import DamagedFile, ForeignFile

CHUNK = 65_536

Records = npt.NDArray[np.void]


class Chunk(NamedTuple):
    """Records in file order; `offset` is where the first begins, in bytes after decompression."""

    offset: int
    rows: Records


def records(path: Path, schema: str, rows: int = CHUNK) -> Iterator[Records]:
    """Every record of a file, at most `rows` at a time; each array is its own, and memory does not grow with the file."""
    return (chunk.rows for chunk in chunks(path, schema, rows))


def chunks(path: Path, schema: str, rows: int = CHUNK) -> Iterator[Chunk]:
    """The same records, each array with its place in the file."""
    with source(path) as opened:
        header = take_header(opened)
        refuse_foreign(path, header, schema)
        layout = LAYOUTS[schema][header.version]
        size, wanted, found = layout.dtype.itemsize, rows * layout.dtype.itemsize, -1
        while found in (-1, wanted):
            offset, buffer = opened.offset, np.empty(wanted, np.uint8)
            found = opened.fill(buffer.data)
            whole = found // size * size
            if whole:
                yield _checked(path, header, layout, offset, buffer[:whole])
            if whole < found:
                _refuse_tail(path, layout, offset + whole, buffer[whole:found].tobytes())


def refuse_foreign(path: Path, header: Header, schema: str) -> None:
    """Raise for a file that is whole and cannot be used: other records than asked for, or not all of them."""
    if header.schema != schema:
        raise ForeignFile(path, 24, f"schema {schema}", header.schema or "mixed", "deliver one schema a file")
    if schema not in LAYOUTS:
        raise ForeignFile(path, 24, f"one of {sorted(LAYOUTS)}", schema, "deliver a schema that is known")
    if header.ts_out:
        raise ForeignFile(path, 8, "records without ts_out", "ts_out", "download it without ts_out")
    for kind, symbols in (("partial", header.partial), ("not_found", header.not_found)):
        if symbols:
            found = f"{len(symbols)} {kind}: {', '.join(sorted(symbols)[:5])}"
            advice = "download the days and symbols that exist, one file a UTC day (split_duration=day)"
            raise ForeignFile(path, 8, "every symbol resolved on every day", found, advice)


def _checked(path: Path, header: Header, layout: Layout, offset: int, raw: npt.NDArray[np.uint8]) -> Chunk:
    """The records, each seen to have the length and type that its schema and version have."""
    wrong = raw.view("<u2")[:: layout.dtype.itemsize // 2] != layout.head
    if wrong.any():
        first = int(wrong.argmax()) * layout.dtype.itemsize
        _refuse_record(path, header, layout, offset + first, raw[first : first + 8].tobytes())
    return Chunk(offset, raw.view(layout.dtype))


def _refuse_tail(path: Path, layout: Layout, offset: int, raw: bytes) -> None:
    if raw[:3] == MAGIC:
        raise DamagedFile(
            path, offset, "the end", "the header of another file", "deliver each file on its own"
        )
    size = layout.dtype.itemsize
    raise DamagedFile(path, offset, f"a whole record of {size} bytes", f"{len(raw)} bytes", DOWNLOAD)


def _refuse_record(path: Path, header: Header, layout: Layout, offset: int, raw: bytes) -> None:
    """Say what stands where a record should begin."""
    length, rtype = raw[0] * 4, raw[1]
    schema = header.schema or "mixed"
    expected = f"a {schema} record of {layout.dtype.itemsize} bytes (DBN v{header.version})"
    if raw[:3] == MAGIC and raw[3] in VERSIONS:
        raise DamagedFile(
            path, offset, expected, "the header of another file", "deliver each file on its own"
        )
    if length == 0:
        raise DamagedFile(path, offset, expected, "a record of length zero", DOWNLOAD)
    found = f"{length} bytes of {RTYPES.get(rtype, f'record type {rtype}')}"
    if rtype != layout.rtype:
        raise ForeignFile(
            path, offset, expected, found, "download it as a batch file, which holds one record type"
        )
    if other := [v for v, known in LAYOUTS[schema].items() if known.dtype.itemsize == length]:
        advice = f"the records are DBN v{other[0]} and the header is v{header.version}: {DOWNLOAD}"
        raise DamagedFile(path, offset, expected, found, advice)
    if length == layout.dtype.itemsize + 8:
        raise ForeignFile(path, offset, expected, f"{found} (a ts_out record)", "download it without ts_out")
    raise DamagedFile(path, offset, expected, found, DOWNLOAD)
