"""The lines of a shard, plain or `.gz`: cut at line feeds and nowhere else, since JSON may hold every other separator as it is."""

import gzip
import zlib
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lakeflow.vendors.errors import DamagedFile

PIECE = 1 << 20
ADVICE = "deliver it again whole: bytes in the midst of it changed, and nobody can tell which"


class Body(NamedTuple):
    """The bytes after the first line, and whether the file ends before its stream does: a recorder that crashed, a copy that broke off."""

    rest: bytes
    is_cut: bool

    @property
    def last(self) -> str:
        """The line that was cut, as far as it goes."""
        return self.rest[self.rest.rfind(b"\n") + 1 :].decode(errors="backslashreplace")


class Lines(NamedTuple):
    """The lines after the first; one that is no UTF-8 is empty among the texts, so that nobody can read it as something else."""

    texts: pl.Series
    raw: list[bytes]

    def shown(self, place: int) -> str:
        """A line as it came, bytes that are no text as their numbers."""
        return self.raw[place].decode(errors="backslashreplace")


def body(path: Path) -> Body:
    """All bytes after the first line."""
    if path.suffix == ".gz":
        return unpacked(path)
    with path.open("rb", buffering=0) as file:  # a buffer would be one copy more of all that there is
        file.readline()
        return Body(file.read(), is_cut=False)


def unpacked(path: Path) -> Body:
    """The same of a `.gz`. What comes before a cut is right and is kept; a stream whose bytes changed is refused."""
    had: list[bytes] = []
    is_cut = False
    try:
        with gzip.open(path) as file:
            had.append(file.readline())
            while piece := file.read1(PIECE):
                had.append(piece)
    except EOFError:
        is_cut = True
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DamagedFile(path, sum(map(len, had)), "a whole gzip stream", str(error), ADVICE) from error
    return Body(b"".join(had[1:]), is_cut)


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
