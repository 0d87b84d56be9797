"""The lines of a shard, plain or `.gz`, some at a time: cut at line feeds and nowhere else, since JSON may hold every other separator."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lakeflow.vendors.errors import DamagedFile

PIECE = (
    8 << 20
)  # bytes of a shard that are read at a time: less costs more calls, more costs memory and gains nothing
UNPACKED = 1 << 20
ADVICE = "deliver it again whole: bytes in the midst of it changed, and nobody can tell which"


class Piece(NamedTuple):
    """Whole lines, and at the end of a shard what comes after its last line feed.

    The text of a plain file lies where that of the piece before lay: take what is wanted of one before the next is asked for.
    `is_cut` tells of a file that ends before its stream does: a recorder that crashed, a copy that broke off.
    """

    text: bytes | memoryview
    is_cut: bool = False

    @property
    def last(self) -> str:
        """The line that was cut, as far as it goes."""
        return bytes(self.text).rpartition(b"\n")[2].decode(errors="backslashreplace")


class Lines(NamedTuple):
    """The lines after the first; one that is no UTF-8 is empty among the texts, so that nobody can read it as something else."""

    texts: pl.Series
    raw: list[bytes]

    def shown(self, place: int) -> str:
        """A line as it came, bytes that are no text as their numbers."""
        return self.raw[place].decode(errors="backslashreplace")


def pieces(path: Path, size: int = PIECE) -> Iterator[Piece]:
    """All bytes after the first line, whole lines of about so many bytes at a time; a longer line is a piece of its own."""
    return unpacked_pieces(path, size) if path.suffix == ".gz" else plain_pieces(path, size)


def plain_pieces(path: Path, size: int) -> Iterator[Piece]:
    """Read into one place: to be given new memory for each piece takes the system longer than to read it."""
    room, kept = bytearray(max(1, min(size, path.stat().st_size))), 0
    with path.open("rb") as file:
        file.readline()
        while (more := file.readinto(memoryview(room)[kept:])) or kept:
            there = kept + more
            end = room.rfind(b"\n", 0, there) + 1 if more else there
            if end:
                yield Piece(memoryview(room).toreadonly()[:end])
            kept = there - end
            room[:kept] = room[end:there]
            if kept == len(room):
                room = room + bytes(kept)  # a line that is longer


def unpacked_pieces(path: Path, size: int) -> Iterator[Piece]:
    """The same of a `.gz`, which may be cut in the midst of a line."""
    had: list[bytes] = []
    is_cut = False
    for chunk in unpacked(path):
        is_cut = chunk is None
        had.append(chunk or b"")
        if sum(map(len, had)) >= size:
            text = b"".join(had)
            end = text.rfind(b"\n") + 1
            had = [text[end:]]
            if end:
                yield Piece(text[:end])
    if is_cut or any(had):
        yield Piece(b"".join(had), is_cut)


def unpacked(path: Path) -> Iterator[bytes | None]:
    """The bytes of a `.gz` after its first line, then None if it is cut. What comes before a cut is right and is kept; a stream whose bytes changed is refused."""
    at = 0
    try:
        with gzip.open(path) as file:
            at += len(file.readline())
            while chunk := file.read1(UNPACKED):
                at += len(chunk)
                yield chunk
    except EOFError:
        yield None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DamagedFile(path, at, "a whole gzip stream", str(error), ADVICE) from error


def lines(rest: bytes) -> Lines:
    """Lines of bytes; the last one may have been cut by a crash, and is then a line of its own that is broken."""
    raw = rest.split(b"\n")
    if not raw[-1]:
        raw.pop()
    return Lines(pl.Series([text(each) for each in raw], dtype=pl.String), raw)


def text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return ""
