"""Commands of this project over a lake of a test's own, run in the test's process."""

from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner

from lakeflow.cli.main import app
from lakeflow.errors import LakeflowError

ROOT = Path(__file__).parents[2]


class Said(NamedTuple):
    """The exit code, the answer, and the talk beside it."""

    code: int
    answer: str
    talk: str


def command(*words: object, lake: Path) -> Said:
    """One worker makes all in this process unless the words say otherwise: starting a pool takes longer than these days."""
    place = {"LAKEFLOW_LAKE": str(lake), "LAKEFLOW_WORKERS": "1"}
    done = CliRunner().invoke(app, [*map(str, words), "--project", str(ROOT)], env=place)
    if isinstance(done.exception, LakeflowError):  # the command prints it bare and ends by its code
        return Said(done.exception.code, done.stdout, f"{done.stderr}{done.exception}")
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Said(done.exit_code, done.stdout, done.stderr)
