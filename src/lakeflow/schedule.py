"""Which step is next: those whose needs are done, oldest day first, finishing a day before the next is begun."""

from collections.abc import Iterable, Mapping

from lakeflow.graph import Graph
from lakeflow.step import Step, StepKey


class Schedule:
    """The steps of a run, by what they wait for: a need, another run's lock, or nothing."""

    def __init__(self, stages: Iterable[str]) -> None:
        self._depth: Mapping[str, int] = {stage: depth for depth, stage in enumerate(stages)}
        self._graph = Graph()
        self._steps: dict[str, Step] = {}
        self._ready: list[str] = []
        self._blocked: list[str] = []

    def add(self, steps: Iterable[Step]) -> tuple[list[Step], list[tuple[Step, StepKey]]]:
        """Take on the steps not known yet; those taken, and those skipped, each with the need of its that has failed."""
        new = [s for s in steps if s.action != "later" and str(s.key) not in self._steps]
        self._steps |= {str(step.key): step for step in new}
        refused = [s for s in new if not self._graph.add(str(s.key), self._known(s))]
        skipped = [*refused, *(self._steps[key] for key in self._graph.skipped())]
        self._take_ready()
        lost = set(skipped)
        return [s for s in new if s not in lost], [(s, self._failed_need(s)) for s in skipped]

    def _failed_need(self, step: Step) -> StepKey:
        return next(need for need in step.needs if self._graph.has_failed(str(need)))

    def _known(self, step: Step) -> list[str]:
        return [str(need) for need in step.needs if str(need) in self._steps]

    def __getitem__(self, key: str) -> Step:
        return self._steps[key]

    def pop(self) -> Step | None:
        """The next step to start."""
        return self._steps[self._ready.pop()] if self._ready else None

    def again(self, key: str) -> None:
        """Start a step once more."""
        self._ready.append(key)
        self._ready.sort(key=self._urgency)

    def block(self, key: str) -> None:
        """Set a step aside: another run holds it."""
        self._blocked.append(key)

    def pop_blocked(self) -> Step | None:
        return self._steps[self._blocked.pop(0)] if self._blocked else None

    def forget(self, keys: Iterable[StepKey]) -> None:
        """Let go of steps that were skipped; a later plan may take them on with other needs."""
        for key in map(str, keys):
            if self._steps.pop(key, None) is not None:
                self._graph.forget(key)

    def done(self, key: str) -> None:
        self._graph.done(key)
        self._take_ready()

    def fail(self, key: str) -> list[Step]:
        """The steps that can no longer be taken because this one was not."""
        return [self._steps[each] for each in self._graph.fail(key)]

    def _take_ready(self) -> None:
        fresh = self._graph.ready()
        if fresh:
            self._ready += fresh
            self._ready.sort(key=self._urgency)

    def _urgency(self, key: str) -> tuple[int, int]:
        """The last is the most urgent: the oldest day, and in it the step furthest downstream."""
        step = self._steps[key].key
        return -int(step.dt.replace("-", "")), self._depth.get(step.stage, 0)
