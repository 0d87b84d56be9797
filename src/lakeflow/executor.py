"""What an executor is: takes tasks, gives outcomes as they come; and the one that does the work in this process."""

import resource
import time
import traceback
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Protocol, Self


@dataclass(frozen=True)
class Task:
    """A call that a worker can make: `call` is "module:function"."""

    key: str
    call: str
    args: tuple[Any, ...] = ()
    memory_gb: float = 0.0
    timeout_s: float | None = None
    retries: int = 0  # for errors marked transient, and for a worker's death
    backoff_s: float = 1.0


@dataclass(frozen=True)
class Outcome:
    """How a task ended; `state` is done, failed or cancelled."""

    key: str
    state: str
    value: Any = None
    error_class: str = ""
    message: str = ""
    traceback: str = ""
    transient: bool = False
    attempts: int = 1
    seconds: float = 0.0
    rss_peak_bytes: int = 0


class Executor(Protocol):
    """Where tasks are done; every implementation passes the same tests."""

    def submit(self, task: Task) -> None: ...

    def outcomes(self) -> Iterator[Outcome]:
        """Outcomes as they come, until nothing is outstanding; more may be submitted meanwhile."""
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

    def submit(self, task: Task) -> None:
        self._waiting.append(task)

    def outcomes(self) -> Iterator[Outcome]:
        while self._waiting:
            yield run_with_retries(self._waiting.popleft())

    def cancel(self) -> None:
        self._waiting.clear()

    def capacity(self) -> int:
        return 1

    def close(self) -> None:
        self._waiting.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def run_with_retries(task: Task) -> Outcome:
    """A task done here, again after a pause for every error marked transient."""
    for attempt in range(1, task.retries + 2):
        outcome = replace(run_once(task), attempts=attempt)
        if not outcome.transient or attempt > task.retries:
            return outcome
        time.sleep(task.backoff_s * 2 ** (attempt - 1))
    raise AssertionError("unreachable: the last attempt returns")


def run_once(task: Task) -> Outcome:
    """A task done in this process; whatever it raises, but an interrupt, is its outcome."""
    began = time.perf_counter()
    try:
        module, _, name = task.call.partition(":")
        value = getattr(import_module(module), name)(*task.args)
    except Exception as error:  # noqa: BLE001  the outcome carries it
        return replace(failed(task, error), seconds=time.perf_counter() - began, rss_peak_bytes=rss_peak())
    return Outcome(task.key, "done", value, seconds=time.perf_counter() - began, rss_peak_bytes=rss_peak())


def failed(task: Task, error: BaseException) -> Outcome:
    return Outcome(
        task.key, "failed", error_class=type(error).__name__, message=str(error) or type(error).__name__,
        traceback="".join(traceback.format_exception(error)), transient=bool(getattr(error, "transient", False)),
    )  # fmt: skip


def rss_peak() -> int:
    """The most memory that this process has had so far; over several tasks, the largest's."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
