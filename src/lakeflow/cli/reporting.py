"""The command that writes a page from tables: report."""

from pathlib import Path
from typing import Annotated

import typer

from lakeflow.cli import options as o


def register(app: typer.Typer) -> None:
    """Add this command to the app."""
    app.command()(report)


def report(
    name: Annotated[
        str,
        typer.Argument(help="A report by its name under `reports` in datasets.yaml, such as calibration."),
    ],
    symbol: Annotated[str, typer.Option("--symbol", help="The symbol that it is about.")],
    dt: o.Dt = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write; NAME-SYMBOL.html here unless said.")
    ] = None,
    project: o.ProjectFolder = o.HERE,
    lake: o.LakeFolder = None,
    json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Write one self-contained HTML file from tables of the lake; it opens offline and makes nothing."""
    from lakeflow.cli.opening import opened
    from lakeflow.report import written

    with opened(o.Place(project, lake, json, quiet)) as (found, voice, _):
        made = written(found, name, symbol, o.joined(dt))
        file = out or Path(f"{name}-{symbol}.html")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made.text, encoding="utf-8")
        voice.data("file", str(file))
        voice.data("bytes", len(made.text.encode()))
        voice.data("first", made.first)
        voice.data("last", made.last)
        voice.print(str(file))
        voice.say(f"it has the tables of {made.first} to {made.last}")
