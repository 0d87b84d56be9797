"""DBN as bytes: a header in any version, and a file that records are streamed into."""

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO

import zstandard

from lakeflow.vendors.databento.codes import MIXED, NO_STYPE, SCHEMAS, STYPES, UNDEF_TIMESTAMP
from lakeflow.vendors.databento.header import CSTR, MAGIC, Header, Interval

CSTR_V2 = 71
LEVEL = 3  # what the vendor's own files come near to


@contextmanager
def dbn_file(path: Path, header: Header) -> Iterator[IO[bytes]]:
    """A new file to write records to; with the name `.zst` it is compressed, with a checksum, as the vendor's are."""
    with path.open("wb") as file:
        if path.suffix != ".zst":
            file.write(encode(header))
            yield file
            return
        compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
        with compressor.stream_writer(file, closefd=False) as stream:
            stream.write(encode(header))
            yield stream


def encode(header: Header) -> bytes:
    """The header's bytes; its `length` is what they come to, whatever it says."""
    cstr = CSTR.get(header.version, CSTR_V2)
    body = b"".join([_fixed(header), struct.pack("<I", 0), *_lists(header, cstr), _mappings(header, cstr)])
    if header.version > 2:
        body += bytes(-len(body) % 8)
    return MAGIC + struct.pack("<BI", header.version, len(body)) + body


def _fixed(header: Header) -> bytes:
    schema = MIXED if header.schema is None else SCHEMAS.index(header.schema)
    stype_in = NO_STYPE if header.stype_in is None else STYPES.index(header.stype_in)
    end = UNDEF_TIMESTAMP if header.end is None else header.end
    stypes = struct.pack("<BBB", stype_in, STYPES.index(header.stype_out), header.ts_out)
    times = struct.pack("<HQQQ", schema, header.start, end, header.limit or 0)
    if header.version == 1:
        return _text(header.dataset, 16) + times + struct.pack("<Q", UNDEF_TIMESTAMP) + stypes + bytes(47)
    return _text(header.dataset, 16) + times + stypes + struct.pack("<H", CSTR_V2) + bytes(53)


def _lists(header: Header, cstr: int) -> Iterator[bytes]:
    for symbols in (header.symbols, header.partial, header.not_found):
        yield struct.pack("<I", len(symbols)) + b"".join(_text(symbol, cstr) for symbol in symbols)


def _mappings(header: Header, cstr: int) -> bytes:
    parts = [struct.pack("<I", len(header.mappings))]
    for raw_symbol, intervals in header.mappings.items():
        parts.append(_text(raw_symbol, cstr) + _intervals(intervals, cstr))
    return b"".join(parts)


def _intervals(intervals: Sequence[Interval], cstr: int) -> bytes:
    days = (struct.pack("<II", _day(i.start), _day(i.end)) + _text(i.symbol, cstr) for i in intervals)
    return struct.pack("<I", len(intervals)) + b"".join(days)


def _day(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _text(text: str, size: int) -> bytes:
    raw = text.encode("ascii")
    if len(raw) >= size:
        raise ValueError(f"expected at most {size - 1} characters for a DBN symbol, found {len(raw)}: {text}")
    return raw.ljust(size, b"\0")
