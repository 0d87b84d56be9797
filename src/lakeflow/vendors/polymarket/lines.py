"""The lines of a shard, plain or `.gz`: cut at line feeds and nowhere else, since JSON may hold every other separator as it is."""

import gzip
import zlib
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lakeflow.vendors.errors import DamagedFile

PIECE = 1 << 20
ADVICE = (
    "deliver it again whole; if a crash of the recorder cut it, deliver what `gzip -dc` gives of it as a plain file: "
    "the line that was cut will be in quarantine"
)


class Lines(NamedTuple):
    """The lines after the first; one that is no UTF-8 is empty among the texts, so that nobody can read it as something else."""

    texts: pl.Series
    raw: list[bytes]

    def shown(self, place: int) -> str:
        """A line as it came, bytes that are no text as their numbers."""
        return self.raw[place].decode(errors="backslashreplace")


def body(path: Path) -> bytes:
    """All bytes after the first line."""
    if path.suffix == ".gz":
        return unpacked(path)
    with path.open("rb") as file:
        file.readline()
        return file.read()


def unpacked(path: Path) -> bytes:
    """The same of a `.gz`; what is no whole stream is refused, since nobody can tell which of its bytes are right."""
    had: list[bytes] = []
    try:
        with gzip.open(path) as file:
            had.append(file.readline())
            while piece := file.read1(PIECE):
                had.append(piece)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DamagedFile(path, sum(map(len, had)), "a whole gzip stream", str(error), ADVICE) from error
    return b"".join(had[1:])


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
