"""The commands that look: status, why, show, runs, sessions, rejects, datasets, config."""

import sys
from typing import Annotated

import typer

from lakeflow.cli import options as o


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    for command in (status, why, show, runs, sessions, rejects, datasets, config):
        app.command()(command)


def status(
    selectors: o.Selectors = None,
    layer: o.Layer = None,
    product_type: o.ProductType = None,
    stage: o.StageName = None,
    symbol: o.Symbol = None,
    dt: o.Dt = None,
    from_: o.From = None,
    to: o.To = None,
    list_: Annotated[bool, typer.Option("--list", help="One line a partition instead of a matrix.")] = False,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
) -> None:
    """Show symbols by dates: what is made, stale, missing, made on request, failed, not delivered, or has no session."""
    from lakeflow.cli.chosen import Choice
    from lakeflow.cli.matrix import print_status

    choice = Choice(selectors, layer, product_type, stage, symbol, o.joined(dt), from_, to)
    print_status(choice, o.Place(project, lake, json), as_list=list_)


def why(
    dataset: Annotated[str, typer.Argument(help="The dataset's key.")],
    symbol: Annotated[list[str], typer.Option("--symbol", help="One symbol.")],
    dt: Annotated[list[str], typer.Option("--dt", help="One date, as 2026-01-06, yesterday or today.")],
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
) -> None:
    """Say why one partition is current, stale or missing: its recipe held against today's, part by part."""
    from lakeflow.cli.looking import print_why

    print_why(dataset, o.one(symbol, "--symbol"), o.one(dt, "--dt"), o.Place(project, lake, json))


def show(
    dataset: Annotated[str, typer.Argument(help="The dataset's key.")],
    symbol: o.Symbol = None,
    dt: o.Dt = None,
    rows: Annotated[
        int | None,
        typer.Option(
            "--rows", min=0, help="How many rows to show; 10, or all of a report (made on request) as JSON."
        ),
    ] = None,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
) -> None:
    """Show a dataset: its columns with their units, what made its partitions, and its first rows."""
    from lakeflow.cli.dataset import print_dataset

    print_dataset(dataset, symbol, o.joined(dt), rows, o.Place(project, lake, json))


def runs(
    run_id: Annotated[str | None, typer.Argument(help="A run, to see its steps.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many runs to list.")] = 20,
    failed: Annotated[
        bool, typer.Option("--failed", help="The steps whose last attempt failed, of any run.")
    ] = False,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
    verbose: o.Verbose = False,
) -> None:
    """List the last runs, or the steps of one with rows, seconds, memory and errors."""
    from lakeflow.cli.looking import print_runs

    print_runs(run_id, limit, failed=failed, place=o.Place(project, lake, json, verbose=verbose))


def sessions(
    calendar: Annotated[str, typer.Argument(help="A calendar, such as CME_EQ, or a product type.")],
    dt: o.Dt = None,
    project: o.ProjectFolder = o.HERE,
    json: o.Json = False,
) -> None:
    """List trading sessions with their opening and closing in UTC, breaks, and the source of each row."""
    from lakeflow.cli.looking import print_sessions

    print_sessions(calendar, o.joined(dt), o.Place(project, None, json))


def rejects(
    selectors: o.Selectors = None,
    product_type: o.ProductType = None,
    symbol: o.Symbol = None,
    dt: o.Dt = None,
    rows: Annotated[
        int, typer.Option("--rows", min=0, help="Show so many of the refused rows themselves.")
    ] = 0,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
) -> None:
    """Count what stages and filters refused, by table, reason and origin."""
    from lakeflow.cli.chosen import Choice
    from lakeflow.cli.looking import print_rejects

    print_rejects(
        Choice(selectors, product_type=product_type, symbol=symbol, dt=o.joined(dt)),
        rows,
        o.Place(project, lake, json),
    )


def datasets(
    selectors: o.Selectors = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="The text of docs/datasets.md.")] = False,
    project: o.ProjectFolder = o.HERE,
    json: o.Json = False,
) -> None:
    """List the datasets of the project: what each is, what makes it, from what."""
    from lakeflow.cli.datasheet import print_datasets

    print_datasets(selectors, o.Place(project, None, json), markdown=markdown)


def config(project: o.ProjectFolder = o.HERE, lake: o.LakeFolder = None, json: o.Json = False) -> None:
    """Show the settings in force, and where each was said."""
    from lakeflow.cli.opening import opened

    with opened(o.Place(project, lake, json)) as (_, voice, settings):
        voice.rows("settings", settings.rows())
    sys.stdout.flush()
