"""Which waiting task may begin: the first whose pause is over and whose declared memory fits beside what runs."""

import time
from collections.abc import Sequence

from lakeflow.executor import Task


class Queue:
    """Tasks in the order they came, with the times before which they must not be tried again."""

    def __init__(self, memory_gb: float) -> None:
        self._memory_gb = memory_gb
        self._waiting: list[tuple[float, Task]] = []
        self._attempts: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, task: Task, after: float = 0.0) -> None:
        """Take a task on, to be given out after so many seconds."""
        if not after:
            self._attempts.pop(task.key, None)
        self._waiting.append((time.monotonic() + after if after else 0.0, task))

    def take(self, running: Sequence[Task]) -> Task | None:
        """The next task that fits; one too large for the machine is given out when nothing else runs."""
        now, used = time.monotonic(), sum(task.memory_gb for task in running)
        for place, (not_before, task) in enumerate(self._waiting):
            if not_before <= now and (not running or used + task.memory_gb <= self._memory_gb):
                del self._waiting[place]
                self._attempts[task.key] = self.attempts(task.key) + 1
                return task
        return None

    def attempts(self, key: str) -> int:
        return self._attempts.get(key, 0)

    def pause(self, now: float) -> float | None:
        """Seconds until a task that was set aside may be tried again."""
        waits = [not_before - now for not_before, _ in self._waiting if not_before > now]
        return min(waits) if waits else None

    def clear(self) -> list[Task]:
        waiting = [task for _, task in self._waiting]
        self._waiting.clear()
        return waiting
