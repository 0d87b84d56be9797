"""The commands about contracts: contract lint, contract diff, contract infer."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lakeflow.cli import options as o

app = typer.Typer(help="Contracts: lint them, compare them, draft one from a file.", no_args_is_help=True)


@app.command()
def lint(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Contract files; all of the project's when none is named.")
    ] = None,
    project: o.ProjectFolder = o.HERE,
    json: o.Json = False,
) -> None:
    """Check contracts themselves: Avro, our own vocabulary, and rules whose types go together. Exit 5 on a fault."""
    from lakeflow.cli.contracting import print_faults

    print_faults(files or [], o.Place(project, None, json))


@app.command()
def diff(
    base: Annotated[str, typer.Argument(help="The git revision to compare the work tree with.")] = "HEAD",
    project: o.ProjectFolder = o.HERE,
    json: o.Json = False,
) -> None:
    """Compare every contract with a git revision: each change with its verdict, and the version it asks for. Exit 4 when a
    version does not say what changed.
    """
    from lakeflow.cli.contracting import print_changes

    sys.exit(print_changes(base, o.Place(project, None, json)))


@app.command()
def infer(
    file: Annotated[Path, typer.Argument(help="A Parquet file.")],
    name: Annotated[
        str, typer.Option("--name", help="Layer and table of the contract: silver/bbo.")
    ] = "bronze/draft",
) -> None:
    """Draft a contract from a Parquet file: types, nulls and times as found; what it means is for you to add."""
    from lakeflow.cli.contracting import draft

    typer.echo(draft(file, name))
