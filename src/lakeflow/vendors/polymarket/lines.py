"""The lines of a shard, plain or `.gz`, some at a time: cut at line feeds and nowhere else, since JSON may hold every other separator."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lakeflow.vendors.polymarket.streams import Ending, unpacked

PIECE = (
    8 << 20
)  # bytes of a shard that are read at a time: less costs more calls, more costs memory and gains nothing


class Piece(NamedTuple):
    """Whole lines, and at the end of a shard what comes after its last line feed.

    The text of a plain file lies where that of the piece before lay: take what is wanted of one before the next is asked for.
    """

    text: bytes | memoryview
    ending: Ending | None = None  # of a file that does not end with its stream

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
    """The same of a `.gz`, which may end in the midst of a line, or go on after its end."""
    had, is_head, ending = b"", True, None
    for chunk in unpacked(path):
        if isinstance(chunk, Ending):
            ending = chunk
            break
        _, feed, rest = chunk.partition(b"\n") if is_head else (b"", b"", chunk)
        is_head = is_head and not feed
        had += rest
        if len(had) >= size:
            end = had.rfind(b"\n") + 1
            if end:
                yield Piece(had[:end])
            had = had[end:]
    if ending or had:
        yield Piece(had, ending)


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
