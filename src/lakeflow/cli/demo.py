"""The command that shows it all: lakeflow demo."""

from pathlib import Path
from typing import Annotated

import typer

from lakeflow.cli import options as o


def register(app: typer.Typer) -> None:
    """Add this command to the app."""
    app.command()(demo)


def demo(
    into: Annotated[
        Path,
        typer.Option("--into", help="The folder to make the demo's own project in; made anew each time."),
    ] = Path("demo"),
    project: o.ProjectFolder = o.HERE,
) -> None:
    """Make a small real lake from simulated vendor files: run it, break a file, heal it, change a param, score a market, query it."""
    from lakeflow.cli.showing import Show

    Show(project, into).go()
