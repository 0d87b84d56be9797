"""Locks between runs: one file a name, held by flock, which the kernel lets go of when its holder dies.

The holder removes the file as it lets go, so that a lake of 100,000 partitions does not keep as many lock files. That
is safe because whoever gets a lock looks whether its file still stands under the name, and else begins anew.
A run waits for a lock only while it holds no other but its own `run` lock, which nobody waits for: runs cannot wait
for each other in a circle. Not for network file systems, whose flock is not to be trusted.
"""

import fcntl
import hashlib
import json
import math
import os
import socket
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from lakeflow.errors import Locked

POLL_S = 0.05
GLANCE_S = 0.002  # `holders` takes a lock for an instant; whoever will not wait looks twice


class Lock:
    """A name that one holder at a time can have, in this process or any other on this machine."""

    def __init__(self, folder: Path, name: str, run: str = "") -> None:
        self.name = name
        self._run = run
        self._path = folder / f"{hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()}.lock"
        self._descriptor: int | None = None

    def acquire(self, wait: bool | float = True) -> None:
        """Take the lock, waiting as long as said: for ever, not at all, or seconds; else Locked, naming the holder."""
        end = time.monotonic() + (math.inf if wait is True else float(wait) or GLANCE_S)
        while (descriptor := take(self._path)) is None:
            left = end - time.monotonic()
            if left <= 0:
                held = described(holder(self._path))
                raise Locked(f"{self.name} is held by {held}; try again when it is done")
            time.sleep(min(POLL_S, left))
        self._descriptor = descriptor
        self._sign(descriptor)

    def release(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            try:
                self._path.unlink(missing_ok=True)  # while it is still held: what is removed is our own
            finally:
                os.close(descriptor)

    def __enter__(self) -> Self:
        if self._descriptor is None:
            self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _sign(self, descriptor: int) -> None:
        about = {
            "name": self.name,
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "run": self._run,
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with suppress(OSError):  # on a full disk: the lock holds, and only its holder's name is missing
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(about).encode(), 0)


def take(path: Path) -> int | None:
    """The locked file under this name, open; None when another has it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if is_at(path, descriptor):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # its last holder removed it after we had opened it


def is_at(path: Path, descriptor: int) -> bool:
    """Whether an open file is the one that stands under this name now."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def holder(path: Path) -> dict[str, Any]:
    """Who wrote the lock file last; empty when nobody did, or is just doing so."""
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}


def described(about: dict[str, Any]) -> str:
    if not about:
        return "another run"
    run = about.get("run") or "?"
    return f"run {run} (process {about.get('pid')} on {about.get('host')} since {about.get('since')})"


def holders(folder: Path) -> list[dict[str, Any]]:
    """Every lock that is held now, with its holder."""
    return [holder(path) for path in sorted(folder.glob("*.lock")) if is_held(path)]


def is_held(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:  # let go of since the folder was listed
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
