"""The commands about contracts: contract lint, contract diff, contract infer."""

from pathlib import Path
from typing import Annotated

import typer

from lakeflow.cli import options as o

app = typer.Typer(help="Contracts: lint them, compare them, draft one from a file.", no_args_is_help=True)
