"""How a command answers: tables for people as they come, and with --json one object at the end."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, TextIO

from lakeflow.cli.options import Place
from lakeflow.config import Config
from lakeflow.table import WIDEST, as_text
from lakeflow.talk import Talk, wants_color


class Voice:
    """One command's answer; what is said on the way goes to stderr."""

    def __init__(self, talk: Talk, *, is_live: bool) -> None:
        self.is_live = is_live
        self.json = talk.json
        self.is_verbose = talk.verbose
        self._talk = talk
        self._answer: dict[str, Any] = {}

    @classmethod
    def of(cls, place: Place, config: Config) -> "Voice":
        """The voice that a command's options and the settings ask for."""
        color = wants_color(config.color, sys.stderr, os.environ)
        talk = Talk(
            json=place.json, quiet=place.quiet, verbose=place.verbose, color=color, log_file=config.log_file
        )
        return cls(talk, is_live=color and sys.stderr.isatty() and not place.quiet)

    def rows(self, name: str, rows: Sequence[Mapping[str, Any]], **more: Any) -> None:
        """A table; `more` is for --json only."""
        self._answer |= {name: list(rows), **more}
        if not self.json and rows:
            self.print(as_text(rows, widest(sys.stdout)))

    def data(self, name: str, value: Any) -> None:
        """What only --json shows."""
        self._answer[name] = value

    def print(self, text: str, end: str = "\n") -> None:
        """A line for people."""
        if not self.json:
            sys.stdout.write(text.rstrip("\n") + end if end else text)

    def say(self, text: str) -> None:
        self._talk.say(text)

    def detail(self, text: str) -> None:
        self._talk.detail(text)

    def table(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """A table beside the answer, such as what failed."""
        if rows and not self.json:
            with suppress(OSError):  # nobody listens any more
                sys.stderr.write(as_text(rows, widest(sys.stderr)) + "\n")

    def finish(self) -> None:
        """The whole answer as one object, for a program that reads it."""
        if self.json:
            self._talk.data(self._answer)
        sys.stdout.flush()


def widest(stream: TextIO) -> int | None:
    """What goes to a file, a pipe or a mail is whole."""
    return WIDEST if stream.isatty() else None
