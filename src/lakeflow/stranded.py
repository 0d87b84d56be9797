"""What stands on steps that failed: skipped in the end, unless a window can do without what is not there."""

from collections.abc import Iterable, Iterator

from lakeflow.step import Missing, Step, StepKey
from lakeflow.universe import Universe


class Stranded:
    """Steps that wait for what has failed, each with what it waits for, until the run has tried all else."""

    def __init__(self) -> None:
        self.forgiven: frozenset[StepKey] = (
            frozenset()
        )  # failed and never made: absent, as if it were not delivered
        self._failed: set[StepKey] = set()
        self._waiting: dict[StepKey, tuple[Step, StepKey]] = {}
        self._later: list[Step] = []

    def fail(self, key: StepKey) -> None:
        """Remember a step that failed for good in this run."""
        self._failed.add(key)

    def add(self, steps: Iterable[Step], because: StepKey) -> None:
        self._waiting |= {step.key: (step, because) for step in steps}

    def take(self, planned: Iterable[Step]) -> None:
        """Note what a plan takes on after all, and what it puts off; a newer plan says all of both."""
        self._later = []
        for step in planned:
            self._waiting.pop(step.key, None)
            if step.action == "later":
                self._later.append(step)

    def forgive(self, universe: Universe) -> bool:
        """Take what failed and has no older generation for absent; whether any is new."""
        known = len(self.forgiven)
        self.forgiven |= {key for key in self._failed if not is_there(universe, key)}
        return len(self.forgiven) > known

    def keys(self) -> list[StepKey]:
        return list(self._waiting)

    def left(self) -> Iterator[tuple[Step, StepKey]]:
        """Everything that was not taken in the end, with what it waited for."""
        yield from self._waiting.values()
        for step in self._later:
            because = next(
                (need for need in step.needs if need in self._failed or need in self._waiting), None
            )
            if because is not None:
                yield step, because

    def beside(self, missing: Iterable[Missing]) -> list[Missing]:
        """What cannot be made for another reason than a failure that is told already."""
        return [each for each in missing if each.key not in self._failed and each.key not in self._waiting]


def is_there(universe: Universe, key: StepKey) -> bool:
    """Whether a step was made once; what stands on it then waits for its mending, and is not made from less."""
    stage = universe.catalog.stages[key.stage]
    return (key.symbol, key.dt) in universe.shelves.of(universe.catalog.datasets[stage.anchor])
