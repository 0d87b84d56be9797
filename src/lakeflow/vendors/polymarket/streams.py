"""The streams of a `.gz`, one after another, unpacked some bytes at a time, and how the file ends where that is not with the last of them."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from lakeflow.vendors.errors import DamagedFile

UNPACKED = 1 << 20  # bytes at a time, packed and unpacked
GZIP = 16 + zlib.MAX_WBITS
BEGINS = b"\x1f\x8b"
FILLING = b"\0"  # what some tools fill a file up with
ADVICE = "deliver it again whole: bytes in the midst of it changed, and nobody can tell which"


class Ending(NamedTuple):
    """A file that ends before its stream does, or `behind` whose last stream there is something else, of so many bytes."""

    behind: bytes = b""  # the first of them
    size: int = 0

    @property
    def is_cut(self) -> bool:
        """A recorder that crashed, a copy that broke off."""
        return not self.size


def unpacked(path: Path) -> Iterator[bytes | Ending]:
    """The bytes of all streams. What comes before a cut, or before what is no stream, is right and is kept; a stream whose bytes changed is refused."""
    at = 0
    try:
        with path.open("rb") as file:
            packed = file.read(UNPACKED)
            while packed:
                inflate = zlib.decompressobj(GZIP)
                while not inflate.eof and packed:
                    if chunk := inflate.decompress(packed, UNPACKED):
                        at += len(chunk)
                        yield chunk
                    packed = inflate.unconsumed_tail or (b"" if inflate.eof else file.read(UNPACKED))
                if not inflate.eof:
                    if chunk := inflate.flush():
                        yield chunk
                    yield Ending()
                    return
                packed = next_of(file, inflate.unused_data)
                if packed and not packed.startswith(BEGINS):
                    yield behind(file, packed)
                    return
    except zlib.error as error:
        raise DamagedFile(path, at, "a whole gzip stream", str(error), ADVICE) from error


def next_of(file: BinaryIO, unused: bytes) -> bytes:
    """What comes after a stream, from where it is no filling on; enough of it to tell whether it is another."""
    found = unused.lstrip(FILLING)
    while len(found) < len(BEGINS) and (more := file.read(UNPACKED)):
        found = (found + more).lstrip(FILLING)
    return found


def behind(file: BinaryIO, begins: bytes) -> Ending:
    """What is no stream and begins so, to the end of the file."""
    first = (begins + file.read(max(UNPACKED - len(begins), 0)))[:UNPACKED]
    rest = iter(lambda: file.read(UNPACKED), b"")
    return Ending(first, max(len(first), len(begins)) + sum(map(len, rest)))
