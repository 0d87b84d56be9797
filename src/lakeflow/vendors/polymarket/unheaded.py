"""The text of a file as the venue sent it, unpacked: all of it where it may be one answer, else whole lines some at a time."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lakeflow.vendors.errors import StrangeFile
from lakeflow.vendors.polymarket.about import foreign

ONE = 64 << 20  # bytes of which one answer may be; what is longer is lines
BEGINS = (b"{", b"[", b"P")  # JSON, or the PONG of a feed
MARK = b"\xef\xbb\xbf"  # what some editors put before UTF-8
GULP = 1 << 20


class Text(NamedTuple):
    """A file, and all of its text if that is not long."""

    path: Path
    whole: bytes | None
    first: bytes  # its first line


def text_of(path: Path) -> Text:
    """The text of a file that begins like JSON or like a feed."""
    chunks, held = gulps(path), [b""]
    for chunk in chunks:
        held.append(chunk)
        if len(held) * GULP > ONE:
            break
    start = b"".join(held)
    if start.removeprefix(MARK).lstrip()[:1] not in BEGINS:
        raise foreign(path, repr(start[:20]), "give it to the vendor whose file it is", StrangeFile)
    return Text(path, start if next(chunks, None) is None else None, start.partition(b"\n")[0])


def parts(text: Text, size: int) -> Iterator[bytes]:
    """Whole lines of about so many bytes at a time; a longer line is a part of its own, and so is what comes after the last line feed."""
    chunks = gulps(text.path) if text.whole is None else iter([text.whole])
    had = b""
    for chunk in chunks:
        had += chunk
        start = 0
        while end := had.find(b"\n", start + size - 1) + 1:
            yield had[start:end]
            start = end
        had = had[start:]
    if had:
        yield had


def gulps(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            while some := file.read(GULP):
                yield some
    except (OSError, EOFError, zlib.error) as error:
        raise foreign(path, f"{type(error).__name__}: {error}", "deliver it again whole") from error
