"""Steps that wait for steps, each decided after those it stands on: a history of years is no chain of calls as long."""

from collections.abc import Callable

from lakeflow.catalog import Stage
from lakeflow.step import Missing, Step, StepKey

DEEP = 50  # steps that wait for one another in one chain of calls; Python allows a thousand calls, a step takes five
Decide = Callable[[Stage, StepKey], Step | Missing]


class TooDeep(Exception):
    """A step that is decided by itself first; those that waited for it ask again."""

    def __init__(self, stage: Stage, key: StepKey) -> None:
        self.step = (stage, key)


class Descent:
    """Calls `decide`, which may come back here for the steps below, any number of steps deep."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self._depth = 0

    def decide(self, stage: Stage, key: StepKey) -> Step | Missing:
        """What `decide` says of a step."""
        return self._below(stage, key) if self._depth else self._first(stage, key)

    def _first(self, stage: Stage, key: StepKey) -> Step | Missing:
        waiting = [(stage, key)]
        while True:
            try:
                found = self._below(*waiting[-1])
            except TooDeep as deep:
                waiting.append(deep.step)
                continue
            waiting.pop()
            if not waiting:
                return found

    def _below(self, stage: Stage, key: StepKey) -> Step | Missing:
        if self._depth == DEEP:
            raise TooDeep(stage, key)
        self._depth += 1
        try:
            return self._decide(stage, key)
        finally:
            self._depth -= 1
