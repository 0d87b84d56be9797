"""A supervised pool: spawned workers with a pipe each; a worker's death costs exactly the task it had."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import connection, get_context
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Self

from lakeflow.admission import Queue
from lakeflow.executor import Outcome, Task
from lakeflow.worker import live

THREADS = ("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
           "ARROW_NUM_THREADS", "MKL_NUM_THREADS", "LAKEFLOW_DUCKDB_THREADS")  # fmt: skip
RECYCLE_TASKS = 200
RECYCLE_BYTES = 6 << 30


@dataclass
class Worker:
    """A process, its pipe, and the task it has."""

    process: SpawnProcess
    pipe: connection.Connection
    task: Task | None = None
    began: float = 0.0
    tasks: int = 0
    timed_out: bool = False


class Pool:
    """Keeps workers warm, gives them tasks that fit into memory, and mourns them one at a time."""

    def __init__(self, workers: int, memory_gb: float | None = None, env: Mapping[str, str] | None = None) -> None:
        self._size = workers
        threads = str(max(1, len(os.sched_getaffinity(0)) // workers))
        self._env = {**dict.fromkeys(THREADS, threads), **(env or {})}
        self._workers: list[Worker] = []
        self._queue = Queue(memory_gb if memory_gb is not None else memory_free_gb())
        self._ended: list[Outcome] = []
        self._cancelled = 0

    def submit(self, task: Task) -> None:
        self._queue.put(task)

    def capacity(self) -> int:
        return self._size

    def outcomes(self) -> Iterator[Outcome]:
        """Each task's end as it comes, until nothing is outstanding."""
        while self._ended or self._queue or self._busy():
            if self._ended:
                yield self._ended.pop(0)
                continue
            self._assign()
            self._listen()

    def cancel(self) -> None:
        """Give nothing more out; the second time, kill what runs."""
        self._cancelled += 1
        self._ended += [Outcome(task.key, "cancelled", message="cancelled before it began") for task in self._queue.clear()]
        if self._cancelled > 1:
            for worker in self._busy():
                worker.process.kill()

    def close(self) -> None:
        """Let idle workers go, and end those that are not idle."""
        for worker in self._workers:
            with suppress(OSError):
                worker.pipe.send(None)
            worker.pipe.close()
        for worker in self._workers:
            if worker.task is not None:
                worker.process.kill()
            worker.process.join(timeout=5)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _busy(self) -> list[Worker]:
        return [worker for worker in self._workers if worker.task is not None]

    def _assign(self) -> None:
        """Give waiting tasks to idle workers, as far as memory allows."""
        while len(self._busy()) < self._size:
            task = self._queue.take([w.task for w in self._workers if w.task])
            if task is None:
                return
            worker = next((w for w in self._workers if w.task is None), None) or self._hire()
            worker.task, worker.began, worker.timed_out = task, time.monotonic(), False
            worker.tasks += 1
            with suppress(OSError):  # it died while idle: its sentinel says so, and the task is tried again
                worker.pipe.send(task)

    def _hire(self) -> Worker:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=live, args=(theirs, self._env, list(sys.path)), daemon=True)
        with clean_start():
            process.start()
        theirs.close()
        worker = Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _listen(self) -> None:
        """Wait for a result, a death, a timeout, or the end of a pause before another try."""
        waits = {w.pipe: w for w in self._busy()} | {w.process.sentinel: w for w in self._workers}
        for ready in connection.wait(list(waits), timeout=self._patience()):
            worker = waits[ready]
            if worker in self._workers:
                self._hear(worker)
        for worker in self._busy():
            limit = worker.task.timeout_s if worker.task else None
            if limit is not None and time.monotonic() - worker.began > limit and not worker.timed_out:
                worker.timed_out = True
                worker.process.kill()

    def _patience(self) -> float | None:
        """Until the next timeout or the next task that may be tried again."""
        now = time.monotonic()
        ends = [w.began + w.task.timeout_s - now for w in self._busy() if w.task and w.task.timeout_s is not None and not w.timed_out]
        pause = self._queue.pause(now)
        ends += [] if pause is None else [pause]
        return max(0.001, min(ends)) if ends else None if self._busy() else 0.05

    def _hear(self, worker: Worker) -> None:
        try:
            outcome: Outcome = worker.pipe.recv() if worker.pipe.poll() else self._mourn(worker)
        except (EOFError, OSError):
            outcome = self._mourn(worker)
        task, worker.task = worker.task, None
        if worker.tasks >= RECYCLE_TASKS or outcome.rss_peak_bytes > RECYCLE_BYTES:
            self._dismiss(worker)
        if task is not None:
            self._end(task, outcome)

    def _end(self, task: Task, outcome: Outcome) -> None:
        attempt = self._queue.attempts(task.key)
        if outcome.transient and attempt <= task.retries and not self._cancelled:
            again = replace(task, memory_gb=task.memory_gb * 2) if outcome.error_class == "WorkerDied" else task
            self._queue.put(again, after=task.backoff_s * 2 ** (attempt - 1))
        else:
            self._ended.append(replace(outcome, attempts=attempt))

    def _mourn(self, worker: Worker) -> Outcome:
        """A worker that is no more, and what became of its task."""
        worker.process.join(timeout=5)
        self._workers.remove(worker)
        worker.pipe.close()
        task, seconds = worker.task, time.monotonic() - worker.began
        key = task.key if task else ""
        if worker.timed_out and task:
            return Outcome(key, "failed", error_class="TimedOut", seconds=seconds,
                           message=f"{key}: expected to end within {task.timeout_s:g} s, was killed after {seconds:.1f} s")  # fmt: skip
        return Outcome(key, "failed", error_class="WorkerDied", transient=self._cancelled < 2, seconds=seconds,
                       message=f"{key}: its worker {cause_of_death(worker.process.exitcode)}")  # fmt: skip

    def _dismiss(self, worker: Worker) -> None:
        if worker in self._workers:
            self._workers.remove(worker)
            with suppress(OSError):
                worker.pipe.send(None)
            worker.pipe.close()
            worker.process.join(timeout=5)


@contextmanager
def clean_start() -> Iterator[None]:
    """A spawned worker neither runs the parent's script again nor imports from the folder that the user stands in."""
    main = sys.modules["__main__"]
    saved = {name: main.__dict__.pop(name) for name in ("__file__", "__spec__") if name in main.__dict__}
    main.__spec__ = None
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        main.__dict__.update(saved)
        os.environ.pop("PYTHONSAFEPATH")
        if before is not None:
            os.environ["PYTHONSAFEPATH"] = before


def cause_of_death(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return f"was killed by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
    return f"ended with exit code {code}"


def memory_free_gb() -> float:
    """What tasks may declare together: the machine's available memory, with a tenth left to everything else."""
    with suppress(OSError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) / (1 << 20) * 0.9
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30) * 0.8
