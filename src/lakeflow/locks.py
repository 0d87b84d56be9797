"""Locks between runs: one file a name, held by flock, which the kernel lets go of when its holder dies.

Lock files are never removed: removing one while another run waits on it would give two runs the same lock. A run takes
one step's lock at a time and waits only when it holds no other, so runs cannot wait for each other in a circle.
"""

import fcntl
import hashlib
import json
import os
import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lakeflow.errors import Locked

POLL_S = 0.05


class Lock:
    """A name that one holder at a time can have, in this process or any other on this machine."""

    def __init__(self, folder: Path, name: str, run: str = "") -> None:
        self.name = name
        self._run = run
        self._path = folder / f"{hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()}.lock"
        self._descriptor: int | None = None

    def acquire(self, wait: bool | float = True) -> None:  # noqa: FBT001  how long: not at all, for ever, or seconds
        """Take the lock, waiting as long as said; else Locked, naming the holder."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        end = time.monotonic() + (float(wait) if not isinstance(wait, bool) else 1e12 if wait else 0.0)
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    os.close(descriptor)
                    raise Locked(f"{self.name} is held by {described(holder(self._path))}; try again when it is done") from None
                time.sleep(POLL_S)
            else:
                break
        self._descriptor = descriptor
        self._sign()

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> "Lock":
        if self._descriptor is None:
            self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _sign(self) -> None:
        about = {"name": self.name, "pid": os.getpid(), "host": socket.gethostname(), "run": self._run,
                 "since": datetime.now(UTC).isoformat(timespec="seconds")}  # fmt: skip
        os.ftruncate(self._descriptor or 0, 0)
        os.pwrite(self._descriptor or 0, json.dumps(about).encode(), 0)


def holder(path: Path) -> dict[str, Any]:
    """Who wrote the lock file last; empty when nobody did, or is just doing so."""
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}


def described(about: dict[str, Any]) -> str:
    if not about:
        return "another run"
    return f"run {about.get('run') or '?'} (process {about.get('pid')} on {about.get('host')} since {about.get('since')})"


def holders(folder: Path) -> list[dict[str, Any]]:
    """Every lock that is held now, with its holder."""
    held = []
    for path in sorted(folder.glob("*.lock")):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            held.append(holder(path))
        finally:
            os.close(descriptor)
    return held
