"""The records of a DBN file as numpy arrays, chunk by chunk; one byte that is not as it should be refuses the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from lakeflow.ahead import IN_FLIGHT, ahead
from lakeflow.machine import threads
from lakeflow.vendors.databento.codes import RTYPES
from lakeflow.vendors.databento.header import MAGIC, Header, take_header
from lakeflow.vendors.databento.layouts import Layout
from lakeflow.vendors.databento.parquet import parquet_blocks
from lakeflow.vendors.databento.schemas import LAYOUTS, VERSIONS
from lakeflow.vendors.databento.stream import DOWNLOAD, Source, is_parquet, source
from lakeflow.vendors.databento.unresolved import refuse_unresolved
from lakeflow.vendors.errors import DamagedFile, ForeignFile

CHUNK = 65_536
BLOCK = 16_384  # what fits a processor's own cache together with what is made of it

Records = npt.NDArray[np.void]


class Chunk(NamedTuple):
    """Records in file order; `offset` is where the first begins, in bytes after decompression.

    Where only some of a stretch are meant, `places` are theirs in it, and `offset` is where the stretch begins.
    """

    offset: int
    rows: Records
    places: npt.NDArray[np.int64] | None = None

    def offsets(self, at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Where some of the records begin, in bytes after decompression."""
        places = at if self.places is None else self.places[at]
        found: npt.NDArray[np.int64] = self.offset + places * self.rows.dtype.itemsize
        return found


def records(path: Path, schema: str, rows: int = CHUNK) -> Iterator[Records]:
    """Every record of a file, at most `rows` at a time; each array is its own, and memory does not grow with the file."""
    return (chunk.rows for chunk in chunks(path, schema, rows))


def chunks(path: Path, schema: str, rows: int = CHUNK) -> Iterator[Chunk]:
    """The same records, each array with its place in the file."""
    for chunk in blocks(path, schema, rows):
        raw = chunk.rows.view(np.uint8).copy()  # ten times faster than field by field
        yield Chunk(chunk.offset, raw.view(chunk.rows.dtype))


def blocks(path: Path, schema: str, rows: int = BLOCK) -> Iterator[Chunk]:
    """The same again in memory that is used again: a block is good until the next one is asked for.

    While a block is used, the next ones are read and decompressed in a thread.
    """
    if is_parquet(path):
        yield from (Chunk(*block) for block in parquet_blocks(path, schema, rows))
        return
    with source(path) as opened:
        header = take_header(opened)
        refuse_foreign(path, header, schema)
        layout = LAYOUTS[schema][header.version]
        buffers = [np.empty(rows * layout.dtype.itemsize, np.uint8)]
        first = next(_filled(opened, buffers))
        yield from _checked(path, header, layout, first)
        if not first.is_full:
            return
        overlaps = threads() > 1  # on one core a thread would only push the block out of the cache
        buffers += [np.empty_like(buffers[0]) for _ in range(IN_FLIGHT * overlaps)]
        rest = _filled(opened, buffers)
        for filled in ahead(rest) if overlaps else rest:
            yield from _checked(path, header, layout, filled)


class Filled(NamedTuple):
    """What was read into a buffer; one that is not full is the last."""

    offset: int
    raw: npt.NDArray[np.uint8]
    is_full: bool


def _filled(opened: Source, buffers: list[npt.NDArray[np.uint8]]) -> Iterator[Filled]:
    is_full, turn = True, 0
    while is_full:
        offset, buffer = opened.offset, buffers[turn % len(buffers)]
        found = opened.fill(buffer.data)
        is_full, turn = found == len(buffer), turn + 1
        yield Filled(offset, buffer[:found], is_full)


def refuse_foreign(path: Path, header: Header, schema: str) -> None:
    """Raise for a file that is whole and cannot be used: other records than asked for, or not all of them."""
    if header.schema != schema:
        raise ForeignFile(path, 24, f"schema {schema}", header.schema or "mixed", "deliver one schema a file")
    if schema not in LAYOUTS:
        raise ForeignFile(path, 24, f"one of {sorted(LAYOUTS)}", schema, "deliver a schema that is known")
    if header.ts_out:
        raise ForeignFile(path, 8, "records without ts_out", "ts_out", "download it without ts_out")
    refuse_unresolved(path, header)


def _checked(path: Path, header: Header, layout: Layout, filled: Filled) -> Iterator[Chunk]:
    """The records, each seen to have the length and type that its schema and version have."""
    size, offset = layout.dtype.itemsize, filled.offset
    whole = len(filled.raw) // size * size
    raw, rest = filled.raw[:whole], filled.raw[whole:]
    wrong = size * _first_stranger(raw.view("<u2"), size // 2, layout.head)
    if wrong < whole:
        _refuse_record(path, header, layout, offset + wrong, raw[wrong : wrong + 8].tobytes())
    if whole:
        yield Chunk(offset, raw.view(layout.dtype))
    if len(rest):
        _refuse_tail(path, layout, offset + whole, rest.tobytes())


@njit(cache=True, nogil=True, error_model="numpy")
def _first_stranger(halves, step, head):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  numba infers them
    """The first record whose first two bytes are not those asked for; how many records there are, when all have them."""
    count = len(halves) // step
    for i in range(count):
        if halves[i * step] != head:
            return i
    return count


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
