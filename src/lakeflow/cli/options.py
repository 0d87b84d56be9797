"""The options that commands share, each said once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from lakeflow.errors import UsageError

Selectors = Annotated[list[str] | None, typer.Argument(
    help="Datasets by key or glob: silver.future_mbo.bbo, 'silver.*', +gold.x (with all it needs), bronze.x+ (with all made from it).",
    show_default=False)]  # fmt: skip
Layer = Annotated[
    list[str] | None, typer.Option("--layer", help="raw, bronze, silver, selection or gold; may be repeated.")
]
ProductType = Annotated[
    list[str] | None, typer.Option("--product-type", help="For example future_mbo; may be repeated.")
]
StageName = Annotated[
    list[str] | None, typer.Option("--stage", help="A stage by its key or a glob; may be repeated.")
]
Symbol = Annotated[
    list[str] | None, typer.Option("--symbol", help="A symbol or a glob; commas or repeats for several.")
]
Dt = Annotated[list[str] | None, typer.Option("--dt", help="2026-01-06, 2026-01-05..2026-01-09 (both ends inclusive), 2026-01, "
               "'last 5 sessions', 'last 5 days', yesterday, today; commas or repeats for several.")]  # fmt: skip
From = Annotated[str | None, typer.Option("--from", help="First date, inclusive.")]
To = Annotated[str | None, typer.Option("--to", help="Last date, inclusive.")]
ProjectFolder = Annotated[
    Path,
    typer.Option("--project", help="A folder in the project; the one with datasets.yaml is found from it."),
]
LakeFolder = Annotated[
    Path | None, typer.Option("--lake", help="The lake's folder, if not the project's own.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, with its schema_version.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Say more: every step, and the stage's own traceback on failure."),
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Worker processes; 1 runs everything in this one.")
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Make the chosen datasets anew even if they are current.")
]
NoUpstream = Annotated[
    bool,
    typer.Option(
        "--no-upstream", help="Use what is in the lake; make nothing that the chosen datasets stand on."
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help="Use only what was known at an instant such as 2026-01-07T12:00:00Z; --lake names the folder of that lake.",
    ),
]
Wait = Annotated[
    float | None,
    typer.Option(
        "--wait", min=0, help="Seconds to wait for another run's lock; 0 gives up at once (exit 75)."
    ),
]
HERE = Path()


def joined(dates: list[str] | None) -> str | None:
    """An option that is said several times means all that it says."""
    return None if dates is None else ",".join(dates)


def one(values: list[str], option: str) -> str:
    """What an option of one value says; several are refused, since none of them is the one that is meant."""
    given = [word.strip() for value in values for word in value.split(",")]
    if len(given) != 1:
        raise UsageError(f"{option}: expected one value, found {', '.join(given)}; ask about one at a time")
    return given[0]


@dataclass(frozen=True)
class Place:
    """Where a command works and how it talks."""

    project: Path
    lake: Path | None
    json: bool
    quiet: bool = False
    verbose: bool = False
    workers: int | None = None
    wait: float | None = None
    as_of: str | None = None
