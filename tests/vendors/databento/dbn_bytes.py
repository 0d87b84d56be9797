"""The bytes of DBN files as they stand on disk: plain, in one frame of zstd, in several."""

import struct
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import zstandard

from lakeflow.simulate.contracts import listed
from lakeflow.simulate.day import header
from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento.encode import encode
from lakeflow.vendors.databento.schemas import LAYOUTS

DAY = date(2026, 1, 6)
SKIPPABLE = struct.pack("<II", 0x184D2A53, 5) + b"notes"


class Plain(NamedTuple):
    """A file before compression: its schema, its bytes, where its records begin, and how long one is."""

    schema: str
    raw: bytes
    start: int
    size: int

    @property
    def rows(self) -> bytes:
        return self.raw[self.start :]


def plain(schema: str, version: int, count: int) -> Plain:
    layout = LAYOUTS[schema][version]
    rows = ({"instrument_id": 7 * n, "order_id": n, "price": n * n} for n in range(count))
    front = encode(header("ES", listed("ES", DAY)[:2], DAY, schema, version))
    return Plain(schema, front + filled(layout, rows).tobytes(), len(front), layout.dtype.itemsize)


def frame(raw: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(raw)


def frames(raw: bytes, cuts: list[int]) -> list[bytes]:
    """The bytes in several frames, cut wherever, a skippable one after each."""
    borders = [0, *sorted({cut % max(1, len(raw)) for cut in cuts} - {0}), len(raw)]
    return [frame(raw[a:b]) + SKIPPABLE for a, b in pairwise(borders)]


def flushed(*pieces: bytes) -> bytes:
    """One frame with a flush after each piece, so that it can be cut where a whole number of records ends."""
    work = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    parts = [work.compress(piece) + work.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK) for piece in pieces]
    return b"".join(parts) + work.flush()
