"""How a command talks: data on stdout, everything else on stderr, and all of it in the log file where there is one."""

import json
import os
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from lakeflow.errors import FaultList, LakeflowError, UsageError
from lakeflow.redaction import HIDDEN, VALUES
from lakeflow.table import Row, as_text, to_json

SCHEMA_VERSION = 1
YELLOW, RED, PLAIN = "\x1b[33m", "\x1b[31m", "\x1b[0m"


@dataclass
class Talk:
    """What one command says; `--json` makes its data one object, and `--quiet` leaves warnings and errors."""

    json: bool = False
    quiet: bool = False
    verbose: bool = False
    color: bool = False
    log_file: Path | None = None
    out: IO[str] = field(default_factory=lambda: sys.stdout)
    err: IO[str] | None = None  # sys.stderr as it is when something is said: a live display stands in for it
    has_data: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        if self.log_file is not None:
            try:
                self.log_file.parent.mkdir(parents=True, exist_ok=True)
                self.log_file.open("a").close()
            except OSError as error:
                raise UsageError(
                    f"--log-file {self.log_file}: expected a file that can be written, found {error}"
                ) from error

    def say(self, text: str) -> None:
        """How it goes; nothing of it is needed to use the data."""
        self._log("info", text)
        if not self.quiet:
            self._tell(text)

    def detail(self, text: str) -> None:
        """What only `--verbose` shows; the log file always has it."""
        self._log("debug", text)
        if self.verbose and not self.quiet:
            self._tell(text)

    def warn(self, text: str) -> None:
        self._log("warning", text)
        self._tell(f"warning: {text}", YELLOW)

    def data(self, value: Mapping[str, Any] | Sequence[Row] | str, text: str | None = None) -> None:
        """The answer, once a command: for people `text`, or a table of the rows; with `--json` one object.

        Rows become `{"rows": [...]}` and a text `{"text": ...}`, so that the object can grow keys later.
        """
        assert not self.has_data, "a command has one answer"
        self.has_data = True
        if self.json:
            self.out.write(to_json({"schema_version": SCHEMA_VERSION, **_named(value)}) + "\n")
        else:
            self.out.write(_ending(_for_people(value) if text is None else text))
        self.out.flush()

    def error(self, error: BaseException) -> int:
        """Say what went wrong, where the caller looks for it; the exit code that it ends the command with."""
        code, message = told(error)
        self._log("error", message)
        if self.json and not self.has_data:
            self.has_data = True
            self.out.write(to_json(error_object(error)) + "\n")
            self.out.flush()
        else:
            self._tell(message, RED)
        return code

    def _tell(self, text: str, color: str = "") -> None:
        shown = hide_secrets(text)
        painted = f"{color}{shown}{PLAIN}" if self.color and color else shown
        with suppress(
            OSError, ValueError
        ):  # nobody listens any more, as after `2>&1 | head`: the work goes on
            err = self.err or sys.stderr
            err.write(painted + "\n")
            err.flush()

    def _log(self, level: str, text: str) -> None:
        """One line by one write, so that two commands may share a file."""
        if self.log_file is not None:
            line = {
                "ts": datetime.fromtimestamp(time.time(), UTC).isoformat(),
                "pid": os.getpid(),
                "level": level,
                "text": hide_secrets(text),
            }
            with self.log_file.open("a", encoding="utf-8", buffering=1) as log:
                log.write(json.dumps(line, ensure_ascii=False) + "\n")


def error_object(error: BaseException) -> dict[str, Any]:
    """An error as `--json` says it; the hint is what was added to it by `add_note`."""
    code, message = told(error)
    bare = str(error) if isinstance(error, LakeflowError) else message
    shape: dict[str, Any] = {"code": code, "kind": type(error).__name__, "message": hide_secrets(bare)}
    shape["hint"] = hide_secrets("\n".join(getattr(error, "__notes__", [])))
    if isinstance(error, FaultList):
        shape["faults"] = [hide_secrets(str(fault)) for fault in error.faults]
    return {"schema_version": SCHEMA_VERSION, "error": shape}


def told(error: BaseException) -> tuple[int, str]:
    """Exit code and message: ours bare, an interrupt in a word, and a bug of ours with its traceback."""
    if isinstance(error, LakeflowError):
        return error.code, "\n".join([str(error), *getattr(error, "__notes__", [])])
    if isinstance(error, KeyboardInterrupt):
        return 130, "interrupted; what was committed stays"
    return 1, "".join(traceback.format_exception(error)).rstrip()


def hide_secrets(text: str) -> str:
    return VALUES.sub(HIDDEN, text)


def wants_color(setting: str, stream: IO[str], env: Mapping[str, str]) -> bool:
    """`always` and `never` decide; else a terminal that is no dumb one, unless NO_COLOR is set to anything."""
    if setting != "auto":
        return setting == "always"
    return stream.isatty() and not env.get("NO_COLOR") and env.get("TERM") != "dumb"


def _named(value: Mapping[str, Any] | Sequence[Row] | str) -> Mapping[str, Any]:
    if isinstance(value, str):
        return {"text": value}
    return value if isinstance(value, Mapping) else {"rows": value}


def _for_people(value: Mapping[str, Any] | Sequence[Row] | str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return (
            as_text([{"": key, " ": each} for key, each in value.items()]).split("\n", 2)[2] if value else ""
        )
    return as_text(value)


def _ending(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
