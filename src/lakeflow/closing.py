"""What becomes of a step that is over: committed or not, written down, told, and what stood on it skipped."""

import shutil
from collections.abc import Iterable

from lakeflow.account import Account
from lakeflow.catalog import Stage
from lakeflow.dispatch import made_before, orphans, remember
from lakeflow.errors import Locked
from lakeflow.executor import Outcome
from lakeflow.job import Job, Made
from lakeflow.lake import Lake
from lakeflow.locks import Lock
from lakeflow.partition import Partition
from lakeflow.schedule import Schedule
from lakeflow.step import Missing, Step, StepKey
from lakeflow.stranded import Stranded
from lakeflow.summary import Done, Listener, Summary, failure
from lakeflow.universe import Universe


class Closing:
    """The end of every step of a run; the locks it closes are those of the steps under way."""

    def __init__(
        self, lake: Lake, account: Account, listener: Listener, schedule: Schedule, telling: frozenset[str]
    ) -> None:
        self.summary = Summary(lake.run_id)
        self.stranded = Stranded()
        self.has_told = False  # a step that tells which others there are is over since the last plan
        self._telling = telling
        self._lake = lake
        self._account = account
        self._listener = listener
        self._schedule = schedule
        self._locks: dict[str, Lock] = {}
        self._withdrawn: set[StepKey] = set()
        self._committed: set[StepKey] = set()

    def hold(self, key: str, lock: Lock) -> None:
        """Keep a step's lock until the step is over."""
        self._locks[key] = lock

    def commit(self, step: Step, job: Job, outcome: Outcome, universe: Universe) -> None:
        """Make what a worker staged visible, or record what it found when it only checked."""
        if not isinstance(outcome.value, Made):
            self._record_check(step, job, outcome, universe)
            return
        made = outcome.value
        gone = orphans(universe, job.stage, step.key, {staged.partition for staged in made.staged})
        entries = self._lake.commit(step.key, made, gone)
        remember(universe, entries, gone)
        shutil.rmtree(job.folder, ignore_errors=True)
        done = Done(
            step.key, "make", "committed", step.reason, outcome.seconds, sum(made.counts.rows.values()),
            sum(made.counts.rejected.values()), sum(entry.size for entry in entries),
        )  # fmt: skip
        self._committed.add(step.key)
        self._account.committed(done, made, entries, gone, outcome)
        self._close(done)

    def is_withdrawn(self, step: Step, missing: Missing, universe: Universe) -> bool:
        """Whether what a step lacks now was withdrawn by a step that it needed: by its fan-out, or with it."""
        stage = universe.catalog.stages[step.key.stage]
        held = (step.key.symbol, step.key.dt) in universe.shelves.of(universe.catalog.datasets[stage.anchor])
        needed = any(need in self._withdrawn or need in self._committed for need in step.needs)
        return held and needed and "is not delivered" not in missing.why

    def withdraw(self, step: Step, stage: Stage, universe: Universe) -> None:
        """Remove what a step made from something that is made no more: left in the lake, it would be read as if it were."""
        gone = made_before(universe, stage, step.key)
        self._lake.remove(step.key, gone)
        remember(universe, [], gone)
        self._withdrawn.add(step.key)
        done = Done(step.key, "remove", "removed", step.reason)
        self._account.removed(done, gone)
        self._close(done)

    def leave(self, step: Step, state: str, reason: str) -> None:
        """A step that was not made: `unchanged`, or `skipped` with all that stands on it."""
        done = Done(step.key, step.action, state, reason)
        self._account.ended(done)
        self._close(done)

    def lose(self, step: Step, job: Job, outcome: Outcome) -> None:
        """A step that a worker could not make; an input that is not what was committed is read whole by the next plan."""
        if outcome.error_class == "InputDamaged":
            self._account.doubt([Partition(*each[1:4]) for each in job.inputs])
        self.fail(step, outcome, outcome.seconds)

    def fail(self, step: Step, cause: Exception | Outcome, seconds: float = 0.0) -> None:
        """A step that could not be made: its drafts go, the lake is as it was."""
        done = failure(step, cause, seconds)
        if not isinstance(cause, Locked):  # another run is making it
            self.stranded.fail(step.key)
        shutil.rmtree(self._lake.folder(step.key), ignore_errors=True)
        self._account.ended(done, cause if isinstance(cause, Outcome) else None)
        self._close(done)

    def skip(self, steps: Iterable[Step], because: StepKey) -> None:
        """Set aside what stands on a step that was not made; it is skipped unless it can do without."""
        self.stranded.add(steps, because)

    def tell_stranded(self) -> None:
        """Say of each step that waits for a failure to the end that it is skipped."""
        for step, because in self.stranded.left():
            done = Done(step.key, step.action, "skipped", f"{because} did not succeed")
            self._account.ended(done)
            self._tell(done)

    def release(self, key: str) -> None:
        lock = self._locks.pop(key, None)
        if lock is not None:
            lock.release()

    def release_all(self) -> None:
        for key in list(self._locks):
            self.release(key)

    def _record_check(self, step: Step, job: Job, outcome: Outcome, universe: Universe) -> None:
        done = Done(step.key, "validate", "validated", step.reason, outcome.seconds)
        datasets = universe.catalog.datasets
        entries = {p: universe.shelves.of(datasets[p.dataset])[p.symbol, p.dt] for p in job.family}
        rules = {dataset: contract.rules_digest for dataset, contract in job.contracts.items()}
        self._account.validated(done, outcome.value, entries, rules, outcome)
        self._close(done)

    def _close(self, done: Done) -> None:
        key = str(done.key)
        is_good = done.state not in ("skipped", "failed")
        self.has_told = self.has_told or (is_good and done.key.stage in self._telling)
        self._tell(done)
        self.release(key)
        if is_good:
            self._schedule.done(key)
        else:
            self.skip(self._schedule.fail(key), done.key)

    def _tell(self, done: Done) -> None:
        self.summary.done.append(done)
        self._listener.finished(done)
