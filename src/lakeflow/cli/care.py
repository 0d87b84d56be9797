"""The commands that look after a project and its lake: check, validate, gc, doctor."""

import sys
from typing import Annotated

import typer

from lakeflow.cli import options as o


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    for command in (check, validate, gc, doctor):
        app.command()(command)


def check(project: o.ProjectFolder = o.HERE, json: o.Json = False) -> None:
    """Check the wiring of the project without looking at data: datasets.yaml, audits.yaml, contracts, functions, calendars."""
    from lakeflow.audits_file import read_audits
    from lakeflow.cli.opening import opened

    with opened(o.Place(project, None, json)) as (found, voice, _):
        catalog = found.catalog
        counts = {
            "datasets": len(catalog.datasets),
            "stages": len(catalog.stages),
            "contracts": len(found.contracts),
            "audits": sum(map(len, read_audits(found.root, catalog).values())),
        }
        voice.data("check", counts)
        voice.say(", ".join(f"{count} {word}" for word, count in counts.items()) + ": all fit together")


def validate(
    selectors: o.Selectors = None,
    layer: o.Layer = None,
    product_type: o.ProductType = None,
    stage: o.StageName = None,
    symbol: o.Symbol = None,
    dt: o.Dt = None,
    from_: o.From = None,
    to: o.To = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also hash every file again, and follow its inputs.")
    ] = False,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
) -> None:
    """Check committed data against today's contracts and audits, and that every step's partitions are whole. Exit 4 on a fault."""
    from lakeflow.cli.caring import print_validation
    from lakeflow.cli.chosen import Choice

    choice = Choice(selectors, layer, product_type, stage, symbol, o.joined(dt), from_, to)
    sys.exit(print_validation(choice, o.Place(project, lake, json), deep=deep))


def gc(
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove what was found; without it, it is only listed.")
    ] = False,
    keep_runs: Annotated[
        int, typer.Option("--keep-runs", min=0, help="Keep the event files of so many last runs.")
    ] = 200,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
) -> None:
    """List what lies in the lake and belongs to nothing; remove it with --yes."""
    from lakeflow.cli.caring import collect_garbage

    collect_garbage(o.Place(project, lake, json), keep_runs, remove_it=yes)


def doctor(
    rebuild_ledger: Annotated[
        bool, typer.Option("--rebuild-ledger", help="Make the ledger anew from the lake's own files.")
    ] = False,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
) -> None:
    """Look at versions, disk, renames, clock, ledger, locks, cut-off commits and damaged files. Exit 1 when one is bad."""
    from lakeflow.cli.caring import print_examination

    sys.exit(print_examination(o.Place(project, lake, json), rebuild=rebuild_ledger))
