"""The settings there are: what each is for, what it may be, and how a text or a TOML value becomes one."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple


class Setting(NamedTuple):
    """One setting; `kind` is path, int, float or word, and `words` are the only ones a word may be."""

    kind: str
    default: Any
    about: str
    words: tuple[str, ...] = ()
    least: float = 0.0


SETTINGS: Mapping[str, Setting] = {
    "lake": Setting("path", "lake", "the folder of the lake; a path in a file is seen from the project root"),
    "workers": Setting("int", None, "worker processes; without one, as many as there are cores", least=1),
    "memory_gb": Setting(
        "float", None, "memory that all workers share; without one, what is free", least=0.1
    ),
    "color": Setting("word", "auto", "when to write in colour", words=("always", "auto", "never")),
    "log_file": Setting("path", None, "a file to append everything said to, one JSON object a line"),
    "wait": Setting("float", 3600.0, "seconds to wait for a partition that another run holds"),
    "query_memory_gb": Setting("float", 2.0, "memory that one query may take", least=0.1),
}


TOML_TYPES: Mapping[str, tuple[type, ...]] = {
    "path": (str,),
    "word": (str,),
    "int": (int,),
    "float": (int, float),
}


class Wrong(NamedTuple):
    """What a value should have been, and was instead."""

    expected: str
    found: str


def from_toml(setting: Setting, value: Any, folder: Path) -> Any:
    """The value of a setting in a file, or what is wrong with it."""
    wanted = TOML_TYPES[setting.kind]
    if not isinstance(value, wanted) or isinstance(value, bool):
        return Wrong(expected(setting), f"{value!r}")
    return _bounded(setting, value, folder)


def from_text(setting: Setting, text: str, folder: Path) -> Any:
    """The value of a setting said on the command line or in the environment, or what is wrong with it."""
    try:
        value = {"int": int, "float": float}.get(setting.kind, str)(text)
    except ValueError:
        return Wrong(expected(setting), repr(text))
    return _bounded(setting, value, folder)


def expected(setting: Setting) -> str:
    if setting.kind == "word":
        return f"one of {', '.join(setting.words)}"
    kinds = {"path": "a path", "int": "a whole number", "float": "a number"}
    bound = f" of at least {setting.least:g}" if setting.kind in ("int", "float") else ""
    return kinds[setting.kind] + bound


def _bounded(setting: Setting, value: Any, folder: Path) -> Any:
    if setting.kind == "path":
        return folder / Path(value).expanduser() if value else Wrong(expected(setting), repr(value))
    if setting.kind == "word":
        return value if value in setting.words else Wrong(expected(setting), repr(value))
    if not math.isfinite(value) or value < setting.least:
        return Wrong(expected(setting), f"{value!r}")
    return float(value) if setting.kind == "float" else value
