"""What an executor is: takes tasks, gives outcomes as they come; and the one that does the work in this process."""

import sys
import time
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Protocol, Self

from lakeflow.interrupts import Interrupts
from lakeflow.machine import give_back_early, peak_bytes, reset_peak


@dataclass(frozen=True)
class Task:
    """A call that a worker can make: `call` is "module:function"."""

    key: str
    call: str
    args: tuple[Any, ...] = ()
    memory_gb: float = 0.0
    timeout_s: float | None = None  # not kept inline: a process cannot kill a task and live
    retries: int = 0  # for errors marked transient, and for a worker's death
    backoff_s: float = 1.0  # before the second attempt; twice as long before each that follows


@dataclass(frozen=True)
class Outcome:
    """How a task ended; `state` is done, failed or cancelled. Every task submitted has exactly one."""

    key: str
    state: str
    value: Any = None
    error_class: str = ""
    message: str = ""
    traceback: str = ""
    transient: bool = False
    attempts: int = 1
    seconds: float = 0.0
    rss_peak_bytes: int = 0  # the most its process held meanwhile, with what it held before


class Executor(Protocol):
    """Where tasks are done; every implementation passes the same tests."""

    def submit(self, task: Task) -> None: ...

    def outcomes(self) -> Iterator[Outcome]:
        """Outcomes as they come, until nothing is outstanding; more may be submitted meanwhile.

        Ctrl-C is raised from here, between two outcomes; asked again, it goes on with those that are left.
        """
        ...

    def cancel(self) -> None:
        """Start nothing more; what is running may finish. A second time, it is killed."""
        ...

    def capacity(self) -> int: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class InlineExecutor:
    """One task at a time, in this process: what a debugger wants, and the fastest for little work."""

    def __init__(self) -> None:
        self._waiting: deque[Task] = deque()
        self._ended: deque[Outcome] = deque()
        self._is_cancelled = False

    def submit(self, task: Task) -> None:
        if self._is_cancelled:
            self._ended.append(cancelled(task))
        else:
            self._waiting.append(task)

    def outcomes(self) -> Iterator[Outcome]:
        with Interrupts() as interrupts:
            while self._ended or self._waiting:
                if self._ended:
                    yield self._ended.popleft()
                    continue
                interrupts.raise_noted()
                self._ended.append(self._attempt(self._waiting.popleft(), interrupts))

    def cancel(self) -> None:
        self._is_cancelled = True
        self._ended += map(cancelled, self._waiting)
        self._waiting.clear()

    def capacity(self) -> int:
        return 1

    def close(self) -> None:
        self._waiting.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _attempt(self, task: Task, interrupts: Interrupts) -> Outcome:
        try:
            return run_with_retries(task, interrupts)
        except KeyboardInterrupt:
            self._ended.append(cancelled(task, "interrupted while it ran"))
            raise


def run_with_retries(task: Task, interrupts: Interrupts) -> Outcome:
    """A task done here, again after a pause for every error marked transient, unless there was an interrupt."""
    attempt = 1
    while True:
        outcome = replace(run_once(task), attempts=attempt)
        if not outcome.transient or attempt > task.retries:
            return outcome
        interrupts.pause(task.backoff_s * 2 ** (attempt - 1))
        if interrupts.is_noted:
            return outcome
        attempt += 1


def run_once(task: Task) -> Outcome:
    """A task done in this process; whatever it raises, but an interrupt, is its outcome.

    What a stage prints goes to stderr: the command's stdout is data.
    """
    began = time.perf_counter()
    give_back_early()
    reset_peak()
    try:
        with redirect_stdout(sys.stderr):
            module, _, name = task.call.partition(":")
            value = getattr(import_module(module), name)(*task.args)
        outcome = Outcome(task.key, "done", value)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  a panic of a Rust library is no Exception, nor is sys.exit
        outcome = failed(task, error)
    return replace(outcome, seconds=time.perf_counter() - began, rss_peak_bytes=peak_bytes())


def failed(task: Task, error: BaseException) -> Outcome:
    return Outcome(
        task.key,
        "failed",
        error_class=type(error).__name__,
        message=str(error) or type(error).__name__,
        traceback="".join(traceback.format_exception(error)),
        transient=bool(getattr(error, "transient", False)),
    )


def cancelled(task: Task, why: str = "cancelled before it began") -> Outcome:
    return Outcome(task.key, "cancelled", error_class="Cancelled", message=f"{task.key}: {why}")
