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
from pathlib import Path

from lakeflow.executor import Outcome, Task, failed, run_once

PR_SET_PDEATHSIG = 1
HIGH_WATER = "VmHWM:"


def live(pipe: Connection, env: Mapping[str, str], path: Sequence[str]) -> None:
    """Do tasks until told to stop. Thread caps are set before anything heavy is imported: libraries read them once."""
    os.environ.update(env)
    sys.path[:] = path
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the coordinator decides what an interrupt means
    die_with_parent()
    with suppress(EOFError, OSError):  # the coordinator is gone, and so is the reason to be here
        while True:
            task = pipe.recv()
            if task is None:
                return
            pipe.send_bytes(answer(task))


def answer(task: Task) -> bytes:
    """A task's outcome, pickled; one that cannot travel is that task's failure."""
    reset_high_water()
    outcome = run_once(task)
    outcome = replace(outcome, rss_peak_bytes=high_water() or outcome.rss_peak_bytes)
    try:
        return pickle.dumps(outcome)
    except Exception as error:  # noqa: BLE001  pickle raises what it likes
        return pickle.dumps(unsendable(task, outcome, error))


def unsendable(task: Task, outcome: Outcome, error: Exception) -> Outcome:
    found = type(outcome.value).__name__
    problem = TypeError(f"{task.call}: expected a result that can be pickled, found {found}: {error}")
    return replace(failed(task, problem), seconds=outcome.seconds, rss_peak_bytes=outcome.rss_peak_bytes)


def die_with_parent() -> None:
    """Have the kernel end this process with its coordinator, even one that was killed (Linux; elsewhere the pipe tells)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == 1:
            sys.exit(1)


def reset_high_water() -> None:
    """Start the kernel's high-water mark anew, so that a task's peak is its own; not every kernel allows it."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def high_water() -> int:
    """The most memory this process has had since the mark was reset; 0 where the kernel does not say."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(HIGH_WATER):
                return int(line.split()[1]) * 1024
    return 0
