"""A worker's life: in a process of its own, one task after another from a pipe, until the pipe closes."""

import ctypes
import os
import pickle
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection

from lakeflow.executor import Outcome, Task, failed, run_once

STOP = BEGUN = b""
PR_SET_PDEATHSIG = 1


def live(pipe: Connection, env: Mapping[str, str], path: Sequence[str], parent: int) -> None:
    """Do tasks until told to stop. Thread caps are set before anything heavy is imported: libraries read them once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the coordinator decides what an interrupt means
    die_with(parent)
    os.dup2(2, 1)  # what a library prints is talk, and the command's stdout is data
    os.environ.update(env)
    sys.path[:] = path
    with suppress(EOFError, OSError):  # the coordinator is gone, and so is the reason to be here
        while (message := pipe.recv_bytes()) != STOP:
            pipe.send_bytes(BEGUN)  # from here on, a death is this task's
            pipe.send_bytes(answer(message))


def answer(message: bytes) -> bytes:
    """A task's outcome; a task that cannot be read here, or whose result cannot travel, has failed."""
    try:
        task: Task = pickle.loads(message)  # noqa: S301  from our own coordinator
    except Exception as error:  # noqa: BLE001  unpickling imports the user's modules
        return pickle.dumps(failed(Task("", ""), error))
    outcome = run_once(task)
    try:
        return pickle.dumps(outcome)
    except Exception as error:  # noqa: BLE001  pickle raises what it likes
        return pickle.dumps(unsendable(task, outcome, error))


def unsendable(task: Task, outcome: Outcome, error: Exception) -> Outcome:
    found = type(outcome.value).__name__
    problem = TypeError(f"{task.call}: expected a result that can be pickled, found {found}: {error}")
    return replace(failed(task, problem), seconds=outcome.seconds, rss_peak_bytes=outcome.rss_peak_bytes)


def die_with(parent: int) -> None:
    """Have the kernel end this process with its coordinator, even one that was killed; elsewhere the pipe tells.

    The kernel means the thread that started us: a pool belongs to a thread that outlives it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the kernel was told
            sys.exit(1)
