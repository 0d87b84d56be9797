"""The command's entry: what went wrong is said in one line with its exit code; a traceback means a bug of ours."""

import errno
import gc
import os
import sys

import typer

from lakeflow.cli import care, contracts, demo, look, making, querying, raw, reporting
from lakeflow.errors import LakeflowError, UsageError
from lakeflow.table import to_json
from lakeflow.talk import error_object

OUTSIDE = (errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM)  # not of our making

app = typer.Typer(
    name="lakeflow",
    help="Make exactly the partitions of a data lake whose recipe is not the one they were made by.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for commands in (making, look, querying, reporting, care, demo):
    commands.register(app)
app.add_typer(contracts.app, name="contract")
app.add_typer(raw.app, name="raw")


def main() -> None:
    """Run the command; every error that we raise on purpose ends in its own exit code."""
    gc.set_threshold(
        100_000, 50, 50
    )  # a command makes much and throws little away: collecting took a tenth of its time
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115  for as long as the process lives
    try:
        answer()
    except LakeflowError as error:
        complain(error)
        sys.exit(error.code)
    except KeyboardInterrupt:
        print("interrupted; nothing committed is harmed", file=sys.stderr)  # noqa: T201  the last word
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left, as `| head` does
        sys.exit(0)
    except OSError as error:
        if error.errno not in OUTSIDE:
            raise
        complain(LakeflowError(f"{error.filename or 'the output'}: cannot be written: {error.strerror}"))
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # what is left of the answer has no place
        sys.exit(1)


def answer() -> None:
    """Run what was typed; with --json a word that is wrong is told as an object too."""
    if "--json" not in sys.argv:
        app()
    try:
        sys.exit(app(standalone_mode=False))
    except Exception as error:
        if not hasattr(error, "format_message"):  # no word of the command: the same as ever
            raise
        raise UsageError(error.format_message()) from error


def complain(error: LakeflowError) -> None:
    """The error where the caller looks for it: one JSON object on stdout, or the bare message on stderr."""
    if "--json" in sys.argv:
        print(to_json(error_object(error)))  # noqa: T201  stdout is data
    else:
        print(error, file=sys.stderr)  # noqa: T201  stderr is talk
