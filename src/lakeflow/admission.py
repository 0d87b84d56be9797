"""Which waiting task may begin: the first whose pause is over and whose declared memory fits beside what runs."""

import math
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from lakeflow.executor import Task

OVERTAKES = 16  # as many smaller tasks may pass one that does not fit; then what runs must end first


class Waiting(NamedTuple):
    """A task in line, and which attempt at it the next one is."""

    task: Task
    attempt: int = 1


class Queue:
    """Tasks in the order they came; those that failed and are to be tried again stand aside until their pause is over."""

    def __init__(self, memory_gb: float) -> None:
        self._memory_gb = memory_gb
        self._line: deque[Waiting] = deque()
        self._aside: list[tuple[float, Waiting]] = []
        self._overtakes = 0

    def __len__(self) -> int:
        return len(self._line) + len(self._aside)

    def put(self, task: Task) -> None:
        self._line.append(Waiting(task))

    def put_back(self, waiting: Waiting, pause: float = 0.0) -> None:
        """Take on a task that has been here before: it is first in line when its pause is over."""
        self._aside.append((time.monotonic() + pause, waiting))

    def take(self, running: Sequence[Task]) -> Waiting | None:
        """The next task that fits; one too large for the machine is given out when nothing else runs."""
        self._end_pauses()
        used = sum(task.memory_gb for task in running)
        for place, waiting in enumerate(self._line):
            if not running or used + waiting.task.memory_gb <= self._memory_gb:
                self._overtakes = self._overtakes + 1 if place else 0
                del self._line[place]
                return waiting
            if self._overtakes >= OVERTAKES:
                return None
        return None

    def pause(self) -> float | None:
        """Seconds until a task that stands aside may be tried again."""
        ends = [end for end, _ in self._aside]
        return min(ends) - time.monotonic() if ends else None

    def clear(self) -> list[Task]:
        waiting = [each.task for each in (*self._line, *(each for _, each in self._aside))]
        self._line.clear()
        self._aside.clear()
        return waiting

    def _end_pauses(self) -> None:
        now = time.monotonic()
        self._line.extendleft(waiting for end, waiting in self._aside if end <= now)
        self._aside = [each for each in self._aside if each[0] > now]


def heavier(task: Task) -> Task:
    """A task whose worker died, most likely for want of memory: twice what it declared, or the machine to itself."""
    return replace(task, memory_gb=task.memory_gb * 2 or math.inf)
