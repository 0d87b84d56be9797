"""Notes: what is said of a delivered file that does not say it of itself, in a file NAME.about.json that lies beside it."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from inspect import signature
from pathlib import Path
from typing import Any

from lakeflow.errors import UsageError

SUFFIX = ".about.json"


def describe_with(describe: Callable[..., Any], file: Path, about: Mapping[str, str] | None) -> Any:
    """What a vendor makes of a file, and of what is said about it."""
    if not about:
        return describe(file)
    if len(signature(describe).parameters) < 2:
        raise ValueError(f"{file}: takes no --about: files of this vendor say everything themselves")
    return describe(file, about)


def refusal(complaints: list[tuple[str, ValueError]]) -> str:
    """Why no vendor takes a file: of those that know its form alone, where any does; else of all."""
    known = [each for each in complaints if not getattr(each[1], "is_strange", False)]
    return "\n".join(f"{name}: {error}" for name, error in known or complaints)


@contextmanager
def notes(file: Path, about: Mapping[str, str] | None) -> Iterator[list[Path]]:
    """The note that goes with a file into the lake, if there is one: of what is said now, or the one that lies beside it."""
    lying = file.with_name(file.name + SUFFIX)
    if not about:
        yield [lying] if lying.is_file() else []
        return
    if lying.is_file():
        raise UsageError(f"{file}: {lying.name} lies beside it; say it there or by --about, not in both")
    with tempfile.TemporaryDirectory() as folder:
        note = Path(folder) / lying.name
        note.write_text(json.dumps(dict(about), sort_keys=True, indent=1) + "\n", encoding="utf-8")
        yield [note]


def said(words: list[str]) -> dict[str, str]:
    """NAME=VALUE words as a mapping; a name said twice, or a word without either, is refused."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (name and equals) or name in found:
            wrong = "it twice" if name in found else word
            raise UsageError(f"--about: expected NAME=VALUE, each name once, found {wrong}")
        found[name] = value
    return found
