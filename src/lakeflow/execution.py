"""A request from beginning to end: plan, take the lake, run, and leave the account in order."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from lakeflow.account import Account
from lakeflow.crew import choose_executor
from lakeflow.kernels import Kernels
from lakeflow.lake import Lake
from lakeflow.limits import Limits
from lakeflow.project import Project
from lakeflow.request import Request
from lakeflow.run import Run
from lakeflow.step import StepKey
from lakeflow.summary import Listener, Silence, Summary


@dataclass(frozen=True)
class Terms:
    """How a run is to be carried out."""

    workers: int | None = None
    memory_gb: float | None = None
    wait: float = 3600.0
    budget: float | None = None  # seconds after which no step is started
    only: frozenset[StepKey] | None = None
    command: str = "run"
    argv: Sequence[str] = ()
    listener: Listener = field(default_factory=Silence)


def execute(project: Project, request: Request, terms: Terms | None = None) -> Summary:
    """Make what the request asks for; the summary says how each step ended."""
    terms = terms or Terms()
    deadline = None if terms.budget is None else time.monotonic() + terms.budget
    with ExitStack() as closing:
        account = Account(project.ledger, terms.command, terms.argv)
        lake = Lake(project.lake, account.run_id)
        recovered = lake.open()
        closing.callback(lake.close)
        account.bury(lake.is_over)
        planner = project.planner(request)
        steps = planner.steps()
        account.begin(steps)
        kernels = Kernels(project)
        executor = closing.enter_context(
            choose_executor(kernels, steps, terms.workers, terms.memory_gb, terms.listener)
        )
        run = Run(
            project,
            request,
            executor,
            lake,
            account,
            terms.listener,
            Limits(terms.wait, deadline, terms.only),
        )
        summary = run.go(planner, steps)
        summary.recovered = recovered
        kernels.note({done.key.stage for done in summary.in_state("committed", "unchanged")})
        account.finish(summary)
    return summary
