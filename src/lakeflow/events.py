"""What happens in a run, one JSON line an event, for whoever follows along."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lakeflow.errors import LakeflowError


def append_event(path: Path, event: Mapping[str, object]) -> None:
    """One line, in one write: whoever follows the file, and whoever else appends to it, never sees half of one."""
    line = (json.dumps(event, separators=(",", ":")) + "\n").encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            written = os.write(descriptor, line)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise LakeflowError(f"{path}: an event of the run cannot be written: {error.strerror}") from error
    if written != len(line):
        raise LakeflowError(
            f"{path}: an event of the run was written in part: the disk is full; free some space and run again"
        )


def read_events(path: Path) -> list[dict[str, Any]]:
    """Every event so far; a last line that is still being written, or was when the machine died, is not one yet."""
    *lines, _torn = path.read_bytes().split(b"\n")
    return [read_line(path, number, line) for number, line in enumerate(lines, start=1)]


def read_line(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(line))
    except (ValueError, TypeError) as error:
        found = line[:60].decode(errors="replace")
        raise LakeflowError(f"{path}, line {number}: expected an event in JSON, found {found!r}") from error
