"""Answers to why, runs, sessions and rejects."""

from datetime import UTC, date, datetime
from typing import Any

from lakeflow.calendar import load_calendar, names
from lakeflow.cli.chosen import Choice
from lakeflow.cli.opening import opened
from lakeflow.cli.options import Place
from lakeflow.dates import parse_dates
from lakeflow.errors import UsageError
from lakeflow.ledger_tables import StepRow
from lakeflow.partition import Partition
from lakeflow.project import Project
from lakeflow.request import Request
from lakeflow.step import Missing, Step, StepKey

OF_A_RUN = ("run_id", "command", "started", "ended", "status", "exit_code", "host")
OF_A_STEP = (
    "stage",
    "symbol",
    "dt",
    "state",
    "reason",
    "rows_in",
    "rows",
    "rejects",
    "bytes",
    "seconds",
    "rss_peak",
    "error",
)  # fmt: skip  what people are shown; as JSON a step is whole


def print_why(dataset: str, symbol: str, dt: str, place: Place) -> None:
    """One partition's state, and every difference between what made it and today."""
    from lakeflow.why import why

    with opened(place) as (project, voice, _):
        project.require(dataset)
        found = why(project, Partition(dataset, symbol, one_day(dt)))
        if voice.json:
            voice.data("why", found)
            return
        voice.print(
            f"{found['partition']}: {found['state']}{': ' + found['reason'] if found['reason'] else ''}"
        )
        for words in found.get("differences", ()):
            voice.print(f"  {words}")
        made_by = found.get("made_by")
        if made_by:
            voice.print(
                f"  made by {made_by['stage']}: {made_by['rows']:,} rows, content {made_by['content'][:12]}, from"
            )
            for name, key, of, day, content in made_by["inputs"]:
                voice.print(f"    {name} = {key} {of} {day} ({content[:12]})")


def one_day(text: str) -> str:
    """The one date that a text means."""
    dates = parse_dates(text, datetime.now(UTC).date())
    if dates.last_sessions or not dates.is_bounded or dates.first != dates.last:
        raise UsageError(
            f"--dt {text}: expected one date as 2026-01-06, found several; ask about one at a time"
        )
    return dates.first


def print_runs(run_id: str | None, limit: int, *, failed: bool, place: Place) -> None:
    """The last runs, or the steps of one."""
    with opened(place) as (project, voice, _):
        if run_id is None and not failed:
            runs = (run._asdict() for run in project.ledger.runs(limit))
            voice.rows("runs", [{name: run[name] for name in OF_A_RUN} for run in runs])
            return
        if run_id is not None and project.ledger.run(run_id) is None:
            raise UsageError(
                f"no run {run_id}; the last ones are {', '.join(r.run_id for r in project.ledger.runs(5)) or 'none'}"
            )
        steps = project.ledger.steps(run_id) if run_id else still_failed(project)
        shown = [step_row(step) for step in steps]
        voice.rows("steps", [{k: v for k, v in row.items() if voice.json or k in OF_A_STEP} for row in shown])
        for step in steps if voice.is_verbose else ():
            voice.print(step.traceback)


def still_failed(project: Project) -> list[StepRow]:
    """The steps whose last attempt failed and that are still to be made: what was healed otherwise is no failure."""
    failed = project.ledger.failed_steps()
    if not failed:
        return []
    planner = project.planner(Request(frozenset(project.catalog.datasets)))
    planner.steps()
    return [row for row in failed if not is_current(planner.decided(StepKey(row.stage, row.symbol, row.dt)))]


def is_current(step: Step | Missing | None) -> bool:
    return step is None or (isinstance(step, Step) and step.action == "none")


def step_row(step: StepRow) -> dict[str, Any]:
    return {**step._asdict(), "seconds": round(step.seconds, 3)}


def print_sessions(name: str, dt: str | None, place: Place) -> None:
    """A calendar's sessions."""
    with opened(place) as (project, voice, _):
        product = project.catalog.products.get(name)
        known = sorted([*names(), *project.catalog.products])
        if name not in known:
            raise UsageError(f"no calendar or product type {name}; there is {', '.join(known)}")
        calendar = project.days.calendar(name) if product else load_calendar(name)
        dates = parse_dates("last 7 days" if dt is None else dt, date.today())  # noqa: DTZ011  a wish for a few days, not a time
        first = max(date.fromisoformat(dates.first), calendar.first)
        last = min(date.fromisoformat(dates.last), calendar.last)
        found = [s for s in calendar.sessions(first, last) if dates.contains(s.date.isoformat())]
        voice.rows("sessions", [session_row(session) for session in found])


def session_row(session: Any) -> dict[str, Any]:
    return {
        "session": session.date.isoformat(), "trade_date": session.trade_date.isoformat(), "open": session.open.isoformat(),
        "close": session.close.isoformat(), "breaks": len(session.breaks), "seconds": session.seconds, "kind": session.kind,
        "source": session.source,
    }  # fmt: skip


def print_rejects(choice: Choice, rows: int, place: Place) -> None:
    """What was refused, counted; and the first of the refused rows."""
    import polars as pl

    with opened(place) as (project, voice, _):
        request = choice.request(project)
        keys = [key for key in sorted(request.datasets) if project.catalog.datasets[key].table == "rejects"]
        if not keys:
            raise UsageError("expected a choice that holds a rejects table, found none; the tables are "
                             + ", ".join(k for k, d in project.catalog.datasets.items() if d.table == "rejects"))  # fmt: skip
        scans = [
            project[key].scan(choice.symbol, choice.dt).select(pl.lit(key).alias("dataset"), pl.all())
            for key in keys
        ]
        found = pl.concat(scans)
        counted = (
            found.group_by("dataset", "symbol", "dt", "meant_for", "reason", "origin")
            .len("rows")
            .sort(pl.all())
            .collect()
        )
        voice.rows("rejects", [{**row, "dt": str(row["dt"])} for row in counted.to_dicts()])
        if rows:
            shown = found.head(rows).with_columns(
                pl.col("record").bin.encode("hex"), pl.col("dt").cast(pl.String)
            )
            voice.rows("records", shown.collect().to_dicts())
