"""A run: takes the planned steps as they become ready, and hands each to a worker under its lock."""

import time
from collections.abc import Callable

from lakeflow.account import Account
from lakeflow.closing import Closing
from lakeflow.dispatch import is_asked_for, refresh, refresh_inputs, write_job
from lakeflow.errors import Locked
from lakeflow.executor import Executor, Outcome, Task
from lakeflow.job import Job
from lakeflow.lake import Lake
from lakeflow.limits import TRIES, Limits
from lakeflow.plan import Planner
from lakeflow.project import Project
from lakeflow.request import Request
from lakeflow.schedule import Schedule
from lakeflow.step import Missing, Step
from lakeflow.summary import Listener, Summary


class Run:
    """The coordinator: it alone plans, locks, commits and writes the ledger."""

    def __init__(  # noqa: PLR0913  the parts of a run
        self, project: Project, request: Request, executor: Executor, lake: Lake, account: Account, listener: Listener, limits: Limits
    ) -> None:  # fmt: skip
        self._project = project
        self._request = request
        self._executor = executor
        self._lake = lake
        self._account = account
        self._listener = listener
        self._limits = limits
        self._schedule = Schedule(project.catalog.stages)
        self._closing = Closing(lake, account, listener, self._schedule, project.catalog.telling)
        self._jobs: dict[str, Job] = {}
        self._tries: dict[str, int] = {}
        self._began_ns = time.time_ns()
        self._planner: Planner

    def go(self, planner: Planner, steps: list[Step]) -> Summary:
        """Take every step; one that fails stops only what stands on it."""
        self._planner = planner
        summary = self._closing.summary
        summary.current, summary.missing = planner.current, planner.missing
        self._take_on(steps)
        try:
            self._work()
        except KeyboardInterrupt:
            self._drain()
        finally:
            self._closing.tell_stranded()
            self._closing.release_all()
        return summary

    def _work(self) -> None:
        while True:
            self._start_ready()
            for outcome in self._executor.outcomes():
                self._finish(outcome)
                self._start_ready()
            if not self._wait_for_blocked() and not self._replan() and not self._forgive():
                return

    def _drain(self) -> None:
        """Start nothing more; what is running may finish, and is committed. A second interrupt kills it."""
        self._closing.summary.interrupted = True
        self._listener.say("interrupted: finishing what is running; press Ctrl-C again to kill it")
        for _ in range(2):
            self._executor.cancel()
            try:
                for outcome in self._executor.outcomes():
                    self._finish(outcome)
            except KeyboardInterrupt:
                continue
            return

    def _replan(self) -> bool:
        """Plan again when fan-outs or selections have told symbols that no plan could know; whether there is more to do."""
        if not self._closing.has_told or self._is_stopping():
            return False
        self._closing.has_told = False
        return self._plan_again()

    def _forgive(self) -> bool:
        """Plan again without what has failed, for windows that may do without; whether there is more to do."""
        forgive = self._closing.stranded.forgive
        return not self._is_stopping() and forgive(self._planner.universe) and self._plan_again()

    def _plan_again(self) -> bool:
        stranded = self._closing.stranded
        self._planner = self._project.planner(self._request, failed=stranded.forgiven)
        self._schedule.forget(stranded.keys())
        new = self._take_on(self._planner.steps())
        self._closing.summary.missing = stranded.beside(self._planner.missing)
        return new

    def _take_on(self, steps: list[Step]) -> bool:
        wanted = [step for step in steps if self._limits.only is None or step.key in self._limits.only]
        self._closing.stranded.take(wanted)
        taken, skipped = self._schedule.add(wanted)
        self._listener.planned(taken)
        for step, because in skipped:
            self._closing.skip([step], because)
        return bool(taken)

    def _is_stopping(self) -> bool:
        summary = self._closing.summary
        if self._limits.deadline is not None and time.monotonic() > self._limits.deadline:
            summary.out_of_time = True
        return summary.out_of_time or summary.interrupted

    def _start_ready(self) -> None:
        while len(self._jobs) < self._executor.capacity() and not self._is_stopping():
            step = self._schedule.pop()
            if step is not None:
                self._start(step)
            elif not self._replan():
                return

    def _start(self, step: Step) -> None:
        """Lock the step, ask once more whether it is to be made, and hand it to a worker."""
        key = str(step.key)
        lock = self._lake.lock(key)
        try:
            lock.acquire(wait=False)
        except Locked as held:
            if self._limits.wait <= 0:
                self._closing.fail(step, held)
            else:
                self._schedule.block(key)
            return
        self._closing.hold(key, lock)
        self._guarded(step, lambda: self._dispatch(step))

    def _guarded(self, step: Step, act: Callable[[], None], seconds: float = 0.0) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  whatever is wrong with one step is that step's failure, not the run's
            self._closing.fail(step, error, seconds)

    def _dispatch(self, step: Step) -> None:
        project, universe = self._project, self._planner.universe
        stage = project.catalog.stages[step.key.stage]
        self._lake.finish(step.key)
        refresh(project, universe, step.key)
        refresh_inputs(project, universe, self._planner.settle(stage, step.key)[1].inputs)
        now, found, recipe = self._planner.settle(stage, step.key)
        if isinstance(now, Missing) and (
            step.action == "remove" or self._closing.is_withdrawn(step, now, universe)
        ):
            self._closing.withdraw(step, stage, universe)
        elif isinstance(now, Missing):
            self._closing.leave(step, "skipped", now.why)
        elif now.action == "none" and not is_asked_for(step, universe, self._began_ns):
            self._closing.leave(step, "unchanged", "its inputs are the same bytes, or another run made it")
        else:
            job = write_job(project, universe, step.key, found.inputs, recipe, self._lake.folder(step.key))
            self._submit(job, validate=now.action == "validate" and step.reason != "asked for")

    def _submit(self, job: Job, *, validate: bool) -> None:
        stage, key = job.stage, str(job.key)
        call = "lakeflow.revalidate:revalidate" if validate else "lakeflow.make:make"
        input_bytes = sum(file.stat().st_size for files in job.files.values() for file in files)
        self._jobs[key] = job
        self._account.started(key, input_bytes)
        self._listener.started(job.key, input_bytes)
        self._executor.submit(
            Task(key, call, (job,), memory_gb=stage.memory_gb, timeout_s=stage.timeout, retries=stage.retries)
        )

    def _finish(self, outcome: Outcome) -> None:
        step, job = self._schedule[outcome.key], self._jobs.pop(outcome.key)
        if outcome.state == "done":
            universe = self._planner.universe
            self._guarded(step, lambda: self._closing.commit(step, job, outcome, universe), outcome.seconds)
        elif outcome.state == "cancelled":
            self._closing.leave(step, "skipped", "interrupted before it began")
        elif outcome.error_class == "InputChanged" and self._tries.setdefault(outcome.key, 1) < TRIES:
            self._tries[outcome.key] += 1
            self._closing.release(outcome.key)
            self._schedule.again(outcome.key)
        else:
            self._closing.lose(step, job, outcome)

    def _wait_for_blocked(self) -> bool:
        """When only steps that other runs hold are left: wait for the first of them."""
        if self._is_stopping() or (step := self._schedule.pop_blocked()) is None:
            return False
        self._listener.say(f"{step.key}: waiting for the run that holds it")
        lock = self._lake.lock(str(step.key))
        try:
            lock.acquire(wait=self._limits.wait)
        except Locked as held:
            self._closing.fail(step, held)
            return True
        lock.release()
        self._schedule.again(str(step.key))
        return True
