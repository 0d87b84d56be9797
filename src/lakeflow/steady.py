"""Reads that a commit may cut across: done again when a file was replaced meanwhile.

A partition is replaced by one rename, so a file that is open stays whole. But engines open a file twice, for its footer and for
its pages; a rename between the two makes them fail, or read the pages of one generation by the footer of another.
"""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from lakeflow.errors import Locked

T = TypeVar("T")
PATIENCE = 60.0  # seconds that a read is begun again in, as long as commits cut across it


def mark(file: str | Path) -> tuple[int, int, int] | None:
    """What tells a file from the one that took its place; None when there is none."""
    try:
        stat = os.stat(file)
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def steadily(files: Callable[[], Iterable[str | Path]], read: Callable[[], T]) -> T:
    """The answer of a read whose files were the same before and after; read again until they are."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        before = {file: mark(file) for file in files()}
        try:
            answer = read()
        except Exception:
            if all(mark(file) == known for file, known in before.items()):
                raise
            continue
        if all(mark(file) == known for file, known in before.items()):
            return answer
    raise Locked(
        f"the partitions read were replaced again and again for {PATIENCE:.0f} s; try again when the run is done"
    )
