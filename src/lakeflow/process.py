"""A worker as its coordinator sees it: how it is started, given work, listened to, and what it died of."""

import os
import pickle
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from lakeflow.admission import Waiting
from lakeflow.executor import Outcome, Task, failed
from lakeflow.machine import resident_bytes
from lakeflow.worker import BEGUN, STOP, live

DIED = "WorkerDied"
GRACE_S = 2.0


@dataclass(eq=False)
class Process:
    """A worker, the task it has, and why we killed it if we did."""

    process: SpawnProcess
    pipe: "Connection"
    work: Waiting | None = None
    began: float = 0.0
    tasks: int = 0
    has_begun: bool = False
    is_gone: bool = False
    doom: str = ""

    @property
    def is_idle(self) -> bool:
        return self.work is None and not self.doom and self.process.is_alive()

    @property
    def is_blameless(self) -> bool:
        """Whether its task had nothing to do with its death: it had lived through others, and never read this one."""
        return self.is_gone and not (self.has_begun or self.doom) and self.tasks > 1

    @property
    def held_bytes(self) -> int:
        return resident_bytes(self.process.pid or 0)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    @property
    def seconds_left(self) -> float | None:
        """Until the task's time is over; None when it has no such time, or we have already ended it."""
        limit = self.work.task.timeout_s if self.work else None
        return None if limit is None or self.doom else limit - self.seconds

    def give(self, work: Waiting, message: bytes) -> None:
        self.work, self.began, self.has_begun = work, time.monotonic(), False
        self.tasks += 1
        try:
            with suppress(OSError):  # it is dead, as its sentinel will say
                self.pipe.send_bytes(message)
        except BaseException:  # half a message would be waited on for ever
            self.kill("interrupted")
            raise

    def hear(self) -> Outcome | None:
        """What the worker says of its task; None when it has only begun it, or is gone."""
        is_alive = self.process.is_alive()
        try:
            while not self.doom and self.pipe.poll():
                message = self.pipe.recv_bytes()
                if message != BEGUN:
                    return read(message)
                self.has_begun = True
        except (EOFError, OSError):
            is_alive = False
        except BaseException:  # the rest of the message would be read as the next
            self.kill("interrupted")
            raise
        self.is_gone = bool(self.doom) or not is_alive
        return None

    def kill(self, why: str) -> None:
        self.doom = self.doom or why
        self.process.kill()

    def dismiss(self) -> None:
        """Let it go when it has done what it does; `end` makes sure of it."""
        with suppress(OSError):
            self.pipe.send_bytes(STOP)
        self.pipe.close()

    def end(self) -> None:
        self.process.join(timeout=GRACE_S)
        self.process.kill()
        self.process.join()

    def bury(self) -> None:
        self.end()
        self.pipe.close()

    def last_words(self, task: Task) -> Outcome:
        """What became of the task that a worker died over."""
        seconds = self.seconds
        if self.doom == "timed out":
            message = (
                f"{task.key}: expected to end within {task.timeout_s:g} s, was killed after {seconds:.1f} s"
            )
            return Outcome(task.key, "failed", error_class="TimedOut", message=message, seconds=seconds)
        if self.doom:
            message = f"{task.key}: {self.doom} while it ran"
            return Outcome(task.key, "cancelled", error_class="Cancelled", message=message, seconds=seconds)
        message = f"{task.key}: its worker {cause_of_death(self.process.exitcode)}"
        return Outcome(task.key, "failed", error_class=DIED, message=message, transient=True, seconds=seconds)


def read(message: bytes) -> Outcome:
    """An outcome; one whose value this process cannot make again is a failure."""
    try:
        outcome: Outcome = pickle.loads(message)  # noqa: S301  from our own worker
    except Exception as error:  # noqa: BLE001  unpickling imports the user's modules
        return failed(Task("", ""), error)
    return outcome


def cause_of_death(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return f"was killed by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
    return f"ended with exit code {code}"


def start(env: Mapping[str, str]) -> Process:
    """A new worker; it is of use as soon as it is started, since its first task waits in the pipe."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=live, args=(theirs, env, list(sys.path), os.getpid()), daemon=True)
    with clean_start():
        process.start()
    theirs.close()
    return Process(process, ours)


@contextmanager
def clean_start() -> Iterator[None]:
    """A new process neither runs the parent's script again, nor imports from the user's folder, nor hears a Ctrl-C."""
    resource_tracker.ensure_running()  # its start unblocks the signal that is blocked below
    main: dict[str, Any] = sys.modules["__main__"].__dict__
    saved: dict[str, Any] = {name: main.pop(name) for name in ("__file__", "__spec__") if name in main}
    main["__spec__"] = None
    safe_path = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    # Blocked, not ignored: a Ctrl-C that comes meanwhile is ours as soon as the worker is on its way.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        main.update(saved)
        os.environ.pop("PYTHONSAFEPATH")
        os.environ.update({} if safe_path is None else {"PYTHONSAFEPATH": safe_path})
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
