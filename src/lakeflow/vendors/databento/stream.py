"""A file's bytes as they were before compression; a file that is cut, changed or glued together is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

import zstandard

from lakeflow.vendors.databento.frames import FRAME, SKIPPABLE, Frames
from lakeflow.vendors.errors import DamagedFile, StrangeFile

BLOCK = 1 << 17
STEP = 1 << 17  # asked of the decompressor at a time: more leaves the cache before it is looked at
PARQUET = b"PAR1"
DOWNLOAD = "download the file again"


class Readable(Protocol):
    """What bytes can be read into."""

    def readinto(self, buffer: memoryview, /) -> int | None: ...


class Source:
    """The bytes of one file, read once from front to back; `offset` is how many there were so far."""

    def __init__(self, path: Path, stream: Readable, frames: Frames | None) -> None:
        self.path = path
        self.offset = 0
        self._stream = stream
        self._frames = frames

    def fill(self, view: memoryview) -> int:
        """Read into the whole of a buffer, or as much of it as the file still has; how much that was."""
        filled = 0
        while filled < len(view):
            found = self._read(view[filled : filled + STEP])
            if not found:
                break
            filled += found
        return filled

    def _read(self, view: memoryview) -> int:
        try:
            found = self._stream.readinto(view) or 0
        except zstandard.ZstdError as error:
            raise DamagedFile(
                self.path, self.offset, "zstd as it was written", str(error), DOWNLOAD
            ) from error
        self.offset += found
        if not found and self._frames and not self._frames.complete:
            raise DamagedFile(
                self.path, self.offset, "the end of a zstd frame", "the end of the file", DOWNLOAD
            )
        return found


@contextmanager
def source(path: Path) -> Iterator[Source]:
    """Open a plain or a zstd file; which it is, its first bytes say, not its name."""
    with path.open("rb") as file:
        front = file.read(4)
        file.seek(0)
        if front[:3] == b"DBN":
            yield Source(path, file, None)
        elif is_zstd(int.from_bytes(front, "little")):
            frames = Frames(file)
            with decompressed(frames) as stream:
                yield Source(path, stream, frames)
        elif front:
            raise StrangeFile(
                path, 0, "DBN or zstd", repr(front), "deliver .dbn or .dbn.zst files as downloaded"
            )
        else:
            raise DamagedFile(path, 0, "DBN or zstd", "an empty file", DOWNLOAD)


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does, whatever its name."""
    with path.open("rb") as file:
        return file.read(4) == PARQUET


def is_zstd(magic: int) -> bool:
    return magic == FRAME or magic & 0xFFFFFFF0 == SKIPPABLE


def decompressed(frames: Frames) -> zstandard.ZstdDecompressionReader:
    """All frames of a file as one stream: the vendor writes the header as a frame of its own."""
    decompressor = zstandard.ZstdDecompressor()
    file: IO[bytes] = frames  # type: ignore[assignment]  # read is all that is asked of it
    return decompressor.stream_reader(file, read_size=BLOCK, read_across_frames=True, closefd=False)
