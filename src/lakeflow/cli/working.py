"""What the commands that make tables have in common: the plan shown, the run carried out, its end told."""

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from lakeflow import as_of
from lakeflow.cli.chosen import Choice
from lakeflow.cli.nothing import nothing_of
from lakeflow.cli.opening import opened
from lakeflow.cli.options import Place
from lakeflow.cli.telling import Teller, failed_rows, made_rows, plan_rows, stage_rows
from lakeflow.cli.voice import Voice
from lakeflow.errors import MissingInput, UsageError
from lakeflow.execution import Terms, execute
from lakeflow.project import Project
from lakeflow.request import Request
from lakeflow.step import Step, StepKey
from lakeflow.summary import Summary

UNITS = {"s": 1, "m": 60, "h": 3600}


def print_plan(choice: Choice, place: Place, out: Path | None = None) -> list[Step]:
    """Show every step that a run would take."""
    with opened(place) as (project, voice, _):
        planner = project.planner(requested(choice, project))
        steps = planner.steps()
        if not steps:
            refuse_nothing(choice, project, [missing.why for missing in planner.missing], planner.current)
        if out is not None:
            out.write_text(
                json.dumps({"schema_version": 1, "steps": [list(step.key) for step in steps]}, indent=1)
                + "\n"
            )
        voice.rows(
            "steps",
            plan_rows(steps),
            current=planner.current,
            missing=[missing.told() for missing in planner.missing],
        )
        for said in planner.selected.told():
            voice.say(f"selected: {said}")
        voice.say(f"{len(steps)} to do, {planner.current} current, {len(planner.missing)} cannot be made")
        return steps


def carry_out(
    choice: Choice, place: Place, *, command: str,
    plan_file: Path | None = None, resume: str | None = None, budget: float | None = None, kinds: Iterable[str] = (),
) -> int:  # fmt: skip
    """Run a request to its end; the exit code."""
    with opened(place) as (project, voice, config):
        request = requested(choice, project)
        teller = Teller(voice, project.ledger.paces())
        terms = Terms(
            workers=config.workers, memory_gb=config.memory_gb, wait=config.wait,
            budget=budget, only=chosen_steps(project, request, plan_file, resume, set(kinds)), command=command,
            argv=sys.argv[1:], listener=teller,
        )  # fmt: skip
        with teller:
            summary = execute(project, request, terms)
        tell(summary, voice)
        if not summary.done:
            refuse_nothing(choice, project, [missing.why for missing in summary.missing], summary.current)
        elif is_beside(summary, request, project):
            voice.say(nothing_of(choice, project))
        return summary.code


def is_beside(summary: Summary, request: Request, project: Project) -> bool:
    """Whether all went well and only what leads to the tables that were asked for was made, for symbols that were named."""
    wanted = {project.catalog.maker[key].key for key in request.datasets if key in project.catalog.maker}
    made = {done.key.stage for done in summary.done}
    is_well = not (summary.code or summary.missing or summary.current or summary.out_of_time)
    return bool(request.symbols) and is_well and not made & wanted


def requested(choice: Choice, project: Project) -> Request:
    """What is asked for; in a lake as of an instant, nothing that cannot be made as of one."""
    request = choice.request(project)
    if then := as_of.marked(project.lake):
        as_of.refuse_others(project, request, then)
    return request


def chosen_steps(
    project: Project, request: Request, plan_file: Path | None, resume: str | None, kinds: set[str]
) -> frozenset[StepKey] | None:
    """The steps that alone are to be taken: a saved plan's, an earlier run's, or those of some kinds; None for all."""
    if plan_file is not None:
        try:
            return frozenset(StepKey(*step) for step in json.loads(plan_file.read_text())["steps"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"--plan {plan_file}: expected a file that `lakeflow plan --out` wrote, found {said(error)}"
            ) from error
    if resume is not None:
        run = project.ledger.run(resume)
        if run is None:
            known = ", ".join(r.run_id for r in project.ledger.runs(5)) or "none"
            raise UsageError(f"--resume {resume}: no such run; the last ones are {known}")
        return frozenset(StepKey(*step[:3]) for step in json.loads(run.plan))
    if not kinds:
        return None
    failed = {StepKey(row.stage, row.symbol, row.dt) for row in project.ledger.failed_steps()}
    return frozenset(step.key for step in project.planner(request).steps() if kind_of(step, failed) & kinds)


def said(error: Exception) -> str:
    return f"{error.strerror}" if isinstance(error, OSError) else "something else"


def kind_of(step: Step, failed: set[StepKey]) -> set[str]:
    kind = "missing" if step.reason == "missing" or step.action == "later" else "stale"
    return {kind, "failed"} if step.key in failed else {kind}


def refuse_nothing(choice: Choice, project: Project, missing: list[str], current: int) -> None:
    """Nothing to do because it is done is a success; because nothing could be made, an error with what to do."""
    if not (current or missing) and (then := as_of.marked(project.lake)):
        as_of.refuse_before_all(project, then)
    if current or not (missing or choice.symbol):
        return
    raise MissingInput("\n".join(list(dict.fromkeys(missing or [nothing_of(choice, project)]))[:20]))


def tell(summary: Summary, voice: Voice) -> None:
    """The end of a run: what was made on stdout, what failed in a table of its own, one line to sum up."""
    for step in summary.recovered:
        voice.say(f"finished the commit that an earlier run was cut off in: {step}")
    failed = failed_rows(summary)
    counts = {
        state: len(summary.in_state(state))
        for state in ("committed", "unchanged", "validated", "removed", "skipped", "failed")
    }
    voice.data(
        "run", {"run_id": summary.run_id, "exit_code": summary.code, "current": summary.current, **counts}
    )
    voice.data("steps", made_rows(summary))
    voice.data("missing", [missing.told() for missing in summary.missing])
    voice.rows("stages", stage_rows(summary))
    voice.data("failed", failed)
    voice.table(failed)
    for why in list(dict.fromkeys(missing.why for missing in summary.missing))[:3]:
        voice.say(f"cannot be made: {why}")
    parts = [
        f"{count} {state}"
        for state, count in (counts | {"cannot be made": len(summary.missing)}).items()
        if count
    ]
    voice.say(f"run {summary.run_id}: {', '.join(parts) or 'nothing to do'}, {summary.current} current"
              + (", out of time: run the same command again to go on" if summary.out_of_time else "")
              + (f", interrupted: go on with lakeflow run --resume {summary.run_id}" if summary.interrupted else ""))  # fmt: skip


def seconds(text: str | None) -> float | None:
    """A length of time as people write it."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text)
    if match is None:
        raise UsageError(f"--budget {text}: expected a length of time such as 90s, 45m or 2h")
    return float(match[1]) * UNITS[match[2]]
