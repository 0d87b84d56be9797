"""Copies of a delivered file with one thing wrong, each as some cable, disk or person has made it."""

from collections.abc import Callable
from pathlib import Path

import zstandard

from lakeflow.vendors.databento.header import read_header

Damage = Callable[[bytes, int], bytes]


def truncated(content: bytes, begin: int) -> bytes:
    """Cut in the middle of a record, as a broken download is."""
    return content[: begin + (len(content) - begin) // 2 + 5]


def flipped(content: bytes, begin: int) -> bytes:
    """One bit of a record's length is another."""
    return content[:begin] + bytes([content[begin] ^ 0x20]) + content[begin + 1 :]


def foreign(content: bytes, begin: int) -> bytes:
    """The first record is one of another schema."""
    return content[: begin + 1] + b"\x13" + content[begin + 2 :]


def empty_record(content: bytes, begin: int) -> bytes:
    """The first record has no length."""
    return content[:begin] + b"\0" + content[begin + 1 :]


def trailing(content: bytes, begin: int) -> bytes:
    """Bytes after the last record."""
    return content + content[begin : begin + 13]


def doubled(content: bytes, begin: int) -> bytes:
    """Two files one after the other."""
    return content + content[:begin] + content[begin:]


KINDS: dict[str, Damage] = {
    each.__name__: each for each in (truncated, flipped, foreign, empty_record, trailing, doubled)
}


def spoil(path: Path, kind: str, into: Path) -> Path:
    """A copy with one kind of damage to its records, under the same name in another folder, compressed as it was."""
    if kind not in KINDS:
        raise ValueError(f"no damage {kind}; there are {', '.join(sorted(KINDS))}")
    into.mkdir(parents=True, exist_ok=True)
    raw = path.read_bytes()
    content = zstandard.ZstdDecompressor().decompressobj().decompress(raw) if path.suffix == ".zst" else raw
    wrong = KINDS[kind](content, read_header(path).length)
    copy = into / path.name
    copy.write_bytes(
        zstandard.ZstdCompressor(write_checksum=True).compress(wrong) if path.suffix == ".zst" else wrong
    )
    return copy


def flip_bit(path: Path, into: Path, at: float = 0.5) -> Path:
    """A copy of the file as it lies on disk with one bit another, so far into it."""
    into.mkdir(parents=True, exist_ok=True)
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 0x10
    copy = into / path.name
    copy.write_bytes(content)
    return copy
