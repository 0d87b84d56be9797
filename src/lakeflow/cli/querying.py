"""The commands that answer SQL: query, and sql-init for DuckDB's own shell."""

from pathlib import Path
from typing import Annotated

import typer

from lakeflow.cli import options as o


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    app.command()(query)
    app.command("sql-init")(sql_init)


def query(
    sql: Annotated[
        str,
        typer.Argument(
            help="One SELECT over tables such as silver.future_mbo.bbo; `<table>_raw` has the stored integers."
        ),
    ],
    symbol: o.Symbol = None,
    dt: o.Dt = None,
    form: Annotated[
        str, typer.Option("--format", help="table, csv, json, ndjson or parquet (with --out).")
    ] = "table",
    out: Annotated[Path | None, typer.Option("--out", help="Write the answer to a file.")] = None,
    rows: Annotated[int, typer.Option("--rows", min=1, help="How many rows a table shows.")] = 50,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Answer a question in SQL, in human units; it can read the lake and nothing else, and write nothing."""
    from lakeflow.cli.answering import print_answer

    print_answer(
        sql,
        symbol,
        o.joined(dt),
        "json" if json else form,
        out,
        rows,
        o.Place(project, lake, quiet=quiet, json=False),
    )


def sql_init(project: o.ProjectFolder = o.HERE, lake: o.LakeFolder = None) -> None:
    """Print views over the lake as it is now, for DuckDB's own shell: lakeflow sql-init > views.sql."""
    from lakeflow.cli.answering import print_views

    print_views(o.Place(project, lake, json=False))
