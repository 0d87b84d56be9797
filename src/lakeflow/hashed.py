"""A file that digests what is written to it, and says in words when the disk takes no more."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from lakeflow.errors import StepFailed
from lakeflow.manifest import body_hash


class Hashed:
    """A file that digests what is written to it, on the way to the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] = path.open("wb", buffering=0)
        self._digest = body_hash()
        self._is_abandoned = False
        self.closed = False

    def write(self, block: Any) -> int:
        view = memoryview(block)
        if self._is_abandoned:
            return len(view)
        self._digest.update(view)
        written = 0
        with clearly(self._path):
            while written < len(view):  # a raw write may be short, and a full disk shows on the next one
                written += self._file.write(view[written:]) or 0
        return len(view)

    def flush(self) -> None:
        """Nothing is held back here."""

    def hexdigest(self) -> str:
        return self._digest.hexdigest()

    def abandon(self) -> None:
        """Close the file and take no more; a writer that ends itself later must find somebody who listens."""
        self._is_abandoned = True
        self._file.close()

    def close(self) -> None:
        if not self.closed and not self._is_abandoned:
            self.closed = True
            with clearly(self._path), self._file:
                os.fsync(self._file.fileno())


@contextmanager
def clearly(path: Path) -> Iterator[None]:
    """A disk that will not take a draft, in words."""
    try:
        yield
    except OSError as error:
        found = error.strerror or str(error)
        message = f"{path}: expected a disk that takes a draft, found {found}; free some space and run again"
        raise StepFailed(message) from error
