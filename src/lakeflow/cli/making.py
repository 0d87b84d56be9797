"""The commands that make tables, and the one that says what would be made: run, plan, backfill."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lakeflow.cli import options as o


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    app.command()(run)
    app.command()(plan)
    app.command()(backfill)


def run(
    selectors: o.Selectors = None,
    layer: o.Layer = None,
    product_type: o.ProductType = None,
    stage: o.StageName = None,
    symbol: o.Symbol = None,
    dt: o.Dt = None,
    from_: o.From = None,
    to: o.To = None,
    overwrite: o.Overwrite = False,
    no_upstream: o.NoUpstream = False,
    workers: o.Workers = None,
    wait: o.Wait = None,
    plan_file: Annotated[
        Path | None,
        typer.Option("--plan", help="Take exactly the steps of a plan that `lakeflow plan --out` wrote."),
    ] = None,
    resume: Annotated[
        str | None, typer.Option("--resume", help="Take what is left of an earlier run, with its own dates.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, as `lakeflow plan` does.")
    ] = False,
    as_of: o.AsOf = None,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Make what is missing or stale, and all that it stands on."""
    from lakeflow.cli.chosen import Choice
    from lakeflow.cli.working import carry_out, print_plan

    choice = Choice(
        selectors, layer, product_type, stage, symbol, o.joined(dt), from_, to, overwrite, not no_upstream
    )
    place = o.Place(project, lake, json, quiet, verbose, workers, wait, as_of)
    if dry_run:
        print_plan(choice, place)
        return
    sys.exit(carry_out(choice, place, plan_file=plan_file, resume=resume, command="run"))


def plan(
    selectors: o.Selectors = None,
    layer: o.Layer = None,
    product_type: o.ProductType = None,
    stage: o.StageName = None,
    symbol: o.Symbol = None,
    dt: o.Dt = None,
    from_: o.From = None,
    to: o.To = None,
    overwrite: o.Overwrite = False,
    no_upstream: o.NoUpstream = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the plan for `lakeflow run --plan`.")
    ] = None,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit 7 when there is something to do, for CI.")
    ] = False,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Say every step that a run would take, inputs first, each with its reason; write nothing in the lake."""
    from lakeflow.cli.chosen import Choice
    from lakeflow.cli.working import print_plan

    choice = Choice(
        selectors, layer, product_type, stage, symbol, o.joined(dt), from_, to, overwrite, not no_upstream
    )
    steps = print_plan(choice, o.Place(project, lake, json, quiet), out)
    sys.exit(7 if steps and detailed_exitcode else 0)


def backfill(
    selectors: o.Selectors = None,
    layer: o.Layer = None,
    product_type: o.ProductType = None,
    stage: o.StageName = None,
    symbol: o.Symbol = None,
    dt: o.Dt = None,
    from_: o.From = None,
    to: o.To = None,
    missing: Annotated[bool, typer.Option("--missing", help="Steps whose table is not in the lake.")] = False,
    stale: Annotated[
        bool, typer.Option("--stale", help="Steps whose table was made by another recipe than today's.")
    ] = False,
    failed: Annotated[bool, typer.Option("--failed", help="Steps whose last attempt failed.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Every step, current or not.")] = False,
    budget: Annotated[
        str | None, typer.Option("--budget", help="Start nothing after this long: 90s, 45m, 2h.")
    ] = None,
    workers: o.Workers = None,
    wait: o.Wait = None,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Bring a range of dates up to date; made for cron: it can be cut off anywhere and goes on where it was."""
    from lakeflow.cli.chosen import Choice
    from lakeflow.cli.working import carry_out, seconds

    kinds = {word for word, on in (("missing", missing), ("stale", stale), ("failed", failed)) if on}
    choice = Choice(
        selectors, layer, product_type, stage, symbol, o.joined(dt), from_, to, overwrite=every, upstream=True
    )
    place = o.Place(project, lake, json, quiet, verbose, workers, wait)
    code = carry_out(choice, place, budget=seconds(budget), kinds=kinds, command="backfill")
    sys.exit(code)
