"""A supervised pool: spawned workers with a pipe each; a worker's death costs exactly the task it had."""

import pickle
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from multiprocessing import connection
from multiprocessing.connection import Connection
from typing import Any, Self

from lakeflow.admission import Queue, Waiting, heavier
from lakeflow.executor import Outcome, Task, cancelled, failed
from lakeflow.interrupts import Interrupts
from lakeflow.machine import SHARE, cores, free_gb
from lakeflow.process import DIED, Process, start

THREADS = (  # pyarrow counts its threads by OMP_NUM_THREADS
    SHARE,
    "POLARS_MAX_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)
RECYCLE_TASKS = 200
RECYCLE_BYTES = 1 << 30


class Pool:
    """Keeps workers warm, gives them tasks that fit into memory, and mourns them one at a time."""

    def __init__(
        self,
        workers: int,
        memory_gb: float | None = None,
        env: Mapping[str, str] | None = None,
        *,
        recycle_tasks: int = RECYCLE_TASKS,
        recycle_bytes: int = RECYCLE_BYTES,
    ) -> None:
        self._size = workers
        self._env = {**dict.fromkeys(THREADS, str(max(1, cores() // workers))), **(env or {})}
        self._recycle_tasks = recycle_tasks
        self._recycle_bytes = recycle_bytes  # of memory that a worker keeps when it has nothing to do
        self._queue = Queue(memory_gb if memory_gb is not None else free_gb())
        self._workers: list[Process] = []
        self._leaving: list[Process] = []
        self._ended: deque[Outcome] = deque()
        self._cancels = 0

    def submit(self, task: Task) -> None:
        if self._cancels:
            self._ended.append(cancelled(task))
        else:
            self._queue.put(task)

    def capacity(self) -> int:
        return self._size

    def outcomes(self) -> Iterator[Outcome]:
        """Each task's end as it comes, until nothing is outstanding."""
        with Interrupts() as interrupts:
            while self._ended or self._queue or self._busy():
                if self._ended:
                    yield self._ended.popleft()
                    continue
                interrupts.raise_noted()
                self._assign()
                if not self._ended:
                    self._listen(interrupts.alarm)

    def cancel(self) -> None:
        """Give nothing more out; the second time, kill what runs."""
        self._cancels += 1
        self._ended += map(cancelled, self._queue.clear())
        if self._cancels > 1:
            for worker in self._busy():
                worker.kill("killed")

    def close(self) -> None:
        """Let idle workers go, and end those that are not idle."""
        for worker in self._busy():
            worker.kill("killed")
        for worker in self._workers:
            worker.dismiss()
        for worker in (*self._workers, *self._leaving):
            worker.end()
        self._workers.clear()
        self._leaving.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _busy(self) -> list[Process]:
        return [worker for worker in self._workers if worker.work is not None]

    def _assign(self) -> None:
        """Give waiting tasks to idle workers, as far as memory allows."""
        while len(busy := self._busy()) < self._size:
            work = self._queue.take([worker.work.task for worker in busy if worker.work])
            if work is None:
                return
            try:
                message = pickle.dumps(work.task)
            except Exception as error:  # noqa: BLE001  pickle raises what it likes
                self._ended.append(failed(work.task, error))
            else:
                self._give(work, message)

    def _give(self, work: Waiting, message: bytes) -> None:
        worker = next((each for each in self._workers if each.is_idle), None) or self._hire()
        worker.give(work, message)

    def _hire(self) -> Process:
        worker = start(self._env)
        self._workers.append(worker)
        return worker

    def _listen(self, alarm: Connection) -> None:
        """Wait for a result, a death, a timeout, an interrupt, or the end of a pause before another try."""
        waits: dict[Any, Process] = {worker.process.sentinel: worker for worker in self._workers}
        waits |= {worker.pipe: worker for worker in self._busy()}
        for ready in connection.wait([*waits, alarm], timeout=self._patience()):
            worker = waits.get(ready)
            if worker in self._workers:
                self._hear(worker)
        for worker in self._busy():
            left = worker.seconds_left
            if left is not None and left <= 0:
                worker.kill("timed out")

    def _patience(self) -> float | None:
        """Until the next timeout, or the next task that may be tried again."""
        ends = [self._queue.pause(), *(worker.seconds_left for worker in self._busy())]
        return max(0.0, min((end for end in ends if end is not None), default=60.0))

    def _hear(self, worker: Process) -> None:
        """A worker has begun, answered or died; the last two are the end of the task it had, if it had one."""
        outcome, work = worker.hear(), worker.work
        if outcome is None and not worker.is_gone:
            return
        worker.work = None
        if worker.is_gone:
            self._workers.remove(worker)
            worker.bury()
        elif worker.tasks >= self._recycle_tasks or worker.held_bytes > self._recycle_bytes:
            self._workers.remove(worker)
            self._leaving.append(worker)
            worker.dismiss()
        if work is not None and worker.is_blameless:
            self._queue.put_back(work)
        elif work is not None:
            self._settle(work, outcome or worker.last_words(work.task))

    def _settle(self, work: Waiting, outcome: Outcome) -> None:
        """A task's end, or another try at it."""
        task, attempt = work
        if outcome.transient and attempt <= task.retries and not self._cancels:
            again = heavier(task) if outcome.error_class == DIED else task
            self._queue.put_back(Waiting(again, attempt + 1), pause=task.backoff_s * 2 ** (attempt - 1))
        else:
            self._ended.append(replace(outcome, key=task.key, attempts=attempt))
