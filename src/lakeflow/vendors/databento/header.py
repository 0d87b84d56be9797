"""The header of a DBN file, versions 1 to 3: what was asked of the vendor, and which symbol an id stood for when."""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from lakeflow.vendors.databento.codes import MIXED, NO_STYPE, SCHEMAS, STYPES, UNDEF_TIMESTAMP
from lakeflow.vendors.databento.schemas import VERSIONS
from lakeflow.vendors.databento.stream import DOWNLOAD, Source, is_parquet, source
from lakeflow.vendors.errors import DamagedFile, ForeignFile, StrangeFile

MAGIC = b"DBN"
CSTR = {1: 22}  # bytes of a symbol; later versions say it themselves
ALIGNED = 8  # bytes that the length of a v3 header is a multiple of
LARGEST = 1 << 30  # a longer header is a damaged length, not a reason to read a gigabyte


class Interval(NamedTuple):
    """The symbol that stands for another from `start` to the day before `end`."""

    start: date
    end: date
    symbol: str


@dataclass(frozen=True)
class Header:
    """Times are nanoseconds UTC, `end` exclusive; None where the file does not say. `length` is where records begin."""

    version: int
    dataset: str
    schema: str | None
    start: int
    end: int | None
    limit: int | None
    stype_in: str | None
    stype_out: str
    ts_out: bool = False
    symbols: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    mappings: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    length: int = 0


def read_header(path: Path) -> Header:
    """The header of a file, read without its records; of a Parquet file, what its rows tell."""
    if is_parquet(path):
        from lakeflow.vendors.databento.parquet import parquet_header  # it needs pyarrow, and what is below

        return parquet_header(path)
    with source(path) as opened:
        return take_header(opened)


def take_header(opened: Source) -> Header:
    """The header at the front of a file's bytes; what comes next is its records."""
    path, front = opened.path, _take(opened, 8)
    if front[:3] != MAGIC:
        raise StrangeFile(
            path, 0, "a DBN header", repr(front), "deliver .dbn or .dbn.zst files as downloaded"
        )
    if front[3] not in VERSIONS:
        raise ForeignFile(path, 3, f"DBN version {VERSIONS}", str(front[3]), "download it in a known version")
    length = int.from_bytes(front[4:], "little")
    if not 100 <= length <= LARGEST:
        raise DamagedFile(path, 4, f"a header of 100 to {LARGEST} bytes", f"{length}", DOWNLOAD)
    return _parse(path, front[3], front + _take(opened, length))


def _take(opened: Source, size: int) -> bytes:
    buffer = bytearray(size)
    found = opened.fill(memoryview(buffer))
    if found < size:
        raise DamagedFile(
            opened.path, opened.offset, f"{size} bytes of header", f"{found}, then the end", DOWNLOAD
        )
    return bytes(buffer)


def _parse(path: Path, version: int, front: bytes) -> Header:
    cursor = Cursor(path, front, 8)
    dataset = cursor.text(16)
    schema, start, end, limit = cursor.numbers("<HQQQ")
    if version == 1:
        cursor.numbers("<Q")  # record_count, which the vendor left out of later versions
    stype_in, stype_out, ts_out = cursor.numbers("<BBB")
    cstr = CSTR[1] if version == 1 else cursor.numbers("<H")[0]
    cursor.skip(47 if version == 1 else 53)
    (definition_length,) = cursor.numbers("<I")
    cursor.skip(definition_length)
    header = Header(
        version=version,
        dataset=dataset,
        schema=None if schema == MIXED else _name(cursor, "a schema", SCHEMAS, schema),
        start=start,
        end=None if end in (0, UNDEF_TIMESTAMP) else end,
        limit=limit or None,
        stype_in=None if stype_in == NO_STYPE else _name(cursor, "a symbol type", STYPES, stype_in),
        stype_out=_name(cursor, "a symbol type", STYPES, stype_out),
        ts_out=bool(ts_out),
        symbols=tuple(cursor.texts(cstr)),
        partial=tuple(cursor.texts(cstr)),
        not_found=tuple(cursor.texts(cstr)),
        mappings=_mappings(cursor, cstr),
        length=len(front),
    )
    cursor.end()
    return header


def _name(cursor: "Cursor", kind: str, names: tuple[str, ...], code: int) -> str:
    if code >= len(names):
        raise cursor.damaged(f"{kind} code below {len(names)}", str(code))
    return names[code]


def _mappings(cursor: "Cursor", cstr: int) -> dict[str, tuple[Interval, ...]]:
    found: dict[str, tuple[Interval, ...]] = {}
    for _ in range(cursor.numbers("<I")[0]):
        raw_symbol = cursor.text(cstr)
        intervals = tuple(_interval(cursor, cstr) for _ in range(cursor.numbers("<I")[0]))
        found[raw_symbol] = found.get(raw_symbol, ()) + intervals
    return found


def _interval(cursor: "Cursor", cstr: int) -> Interval:
    start, end = cursor.numbers("<II")
    return Interval(cursor.day(start), cursor.day(end), cursor.text(cstr))


class Cursor:
    """A place in the header, which never reads past its end."""

    def __init__(self, path: Path, data: bytes, at: int) -> None:
        self._path = path
        self._data = data
        self._at = at

    def numbers(self, form: str) -> tuple[int, ...]:
        return struct.unpack(form, self.skip(struct.calcsize(form)))

    def text(self, size: int) -> str:
        raw = self.skip(size).rstrip(b"\0")
        if not raw.isascii() or b"\0" in raw:
            raise self.damaged("ASCII text, then zeros", repr(raw))
        return raw.decode("ascii")

    def texts(self, size: int) -> Iterable[str]:
        return [self.text(size) for _ in range(self.numbers("<I")[0])]

    def day(self, yyyymmdd: int) -> date:
        try:
            return date(yyyymmdd // 10_000, yyyymmdd // 100 % 100, yyyymmdd % 100)
        except ValueError:
            raise self.damaged("a date YYYYMMDD", str(yyyymmdd)) from None

    def skip(self, size: int) -> bytes:
        piece = self._data[self._at : self._at + size]
        if len(piece) < size:
            raise self.damaged(f"{size} more bytes of header", f"{len(piece)}")
        self._at += size
        return piece

    def end(self) -> None:
        """Nothing may be left but the zeros that make a header's length a multiple of eight."""
        left = self._data[self._at :]
        if len(left) >= ALIGNED or left.strip(b"\0"):
            raise self.damaged("the end of the header", f"{len(left)} more bytes")

    def damaged(self, expected: str, found: str) -> DamagedFile:
        return DamagedFile(self._path, self._at, expected, found, DOWNLOAD)


def utc_day(nanoseconds: int) -> date:
    """The UTC date of a time."""
    return datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC).date()
