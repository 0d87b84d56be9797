"""From a dotted name in datasets.yaml to the function itself, and never to a stranger of the same name."""

import inspect
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

from lakeflow.code import DOMAIN, PROJECT, Code
from lakeflow.errors import ConfigError, LakeflowError
from lakeflow.fresh_source import read_project_source
from lakeflow.recipe import domain_package, short

_loaded: dict[str, str] = {}  # module -> digest of the source that this process imported


def load_function(dotted: str, root: Path) -> Callable[..., Any]:
    """The function; its module must lie under the project's root, or in lakeflow for a domain function."""
    add_root(root)
    module_name, _, name = dotted.rpartition(".")
    try:
        module = import_module(module_name)
    except ImportError as error:
        raise ConfigError([foreign(module_name, root) or f"{dotted}: cannot be imported: {error}"]) from error
    file = Path(module.__file__ or "").resolve()
    base = root.resolve() if module_name.split(".")[0] in PROJECT else domain_package().resolve()
    if not file.is_relative_to(base):
        raise ConfigError(
            [f"{dotted}: expected under {base}, found {file}: another installed package has this name"]
        )
    function = getattr(module, name, None)
    if not callable(function):
        raise ConfigError([f"{dotted}: expected a function in {file}, found none"])
    return function  # type: ignore[no-any-return]


def foreign(module_name: str, root: Path) -> str:
    """In words, that another package of the same name is imported already; nothing when it is the project's own."""
    head = module_name.partition(".")[0]
    file = getattr(sys.modules.get(head), "__file__", None)
    if head not in PROJECT or file is None or Path(file).resolve().is_relative_to(root.resolve()):
        return ""
    return f"{module_name}: expected under {root.resolve()}, found {file}: another installed package has this name"


def add_root(root: Path) -> None:
    """Put the project's root first on the path: appended, a foreign package named `filters` would win."""
    read_project_source()
    if sys.path[0] != str(root):
        sys.path.insert(0, str(root))


def verify_code(root: Path, modules: tuple[str, ...], sources: Mapping[str, str]) -> None:
    """See that the source to be run is the source the recipe was written for.

    A process that lives through an edit (a notebook) lets go of what it imported before; an edit while a run is under way
    ends the step, for its recipe would name the older source.
    """
    if any(_loaded.get(name, digest) != digest for name, digest in sources.items()):
        forget_modules()
    if all(_loaded.get(name) == digest for name, digest in sources.items()):
        return
    found = {name: short(text) for name, text in Code(root, domain_package()).parts(list(modules)).items()}
    if found != dict(sources):
        raise LakeflowError(f"{modules[0]}: the source was edited while the run was under way; run again")
    _loaded.update(sources)


def forget_modules() -> None:
    """Let go of every project and domain module, so that the next import reads its source."""
    for name in [name for name in sys.modules if is_ours(name)]:
        del sys.modules[name]
    invalidate_caches()
    _loaded.clear()


def is_ours(name: str) -> bool:
    head, _, rest = name.partition(".")
    return head in PROJECT or (head == "lakeflow" and rest.partition(".")[0] in DOMAIN)


def parameter_kinds(function: Callable[..., Any]) -> dict[str, str]:
    """How each parameter wants its input: `frame`, `lazy`, `stream` or `files`; `value` for all else."""
    hints = typing.get_type_hints(function)
    return {name: kind_of(hints.get(name)) for name in inspect.signature(function).parameters}


def kind_of(hint: Any) -> str:
    words = {"DataFrame": "frame", "LazyFrame": "lazy"}
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if type(None) in inner:  # a history's first day has no yesterday
        return kind_of(next(each for each in inner if each is not type(None)))
    if origin is Iterator and getattr(inner[0], "__name__", "") == "DataFrame":
        return "stream"
    if inner and inner[0] is Path:
        return "files"
    return words.get(getattr(hint, "__name__", ""), "value")
