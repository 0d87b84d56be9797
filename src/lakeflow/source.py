"""What a source file says, kept in the user's cache by the file's bytes: the same bytes are parsed once on a machine.

Nothing is taken on trust but the digest of all bytes of the file: its time and its name play no part.
"""

import ast
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from lakeflow import syntax
from lakeflow.syntax import canonical

MOST = 4096  # files of source in the cache; one that grows past it begins again


class Said(NamedTuple):
    """The digest of a file's canonical text, and the names it imports, as they are written: a dot before for each level up."""

    digest: str
    imports: tuple[str, ...]


class Sources:
    """What was said before, from a file of the cache; what is new goes there when it is asked for."""

    def __init__(self) -> None:
        self._is_new = False

    @cached_property
    def _kept(self) -> dict[str, Said]:
        return load(place())

    def known(self, raw: bytes) -> Said | None:
        """What a file of these bytes says, if it was parsed before."""
        return self._kept.get(name_of(raw))

    def learn(self, raw: bytes, tree: ast.Module) -> Said:
        """What a file of these bytes says, now that it is parsed."""
        said = Said(
            hashlib.sha256(canonical(tree).encode()).hexdigest(), tuple(dict.fromkeys(imported(tree)))
        )
        self._kept[name_of(raw)] = said
        self._is_new = True
        return said

    def keep(self) -> None:
        """Write what is new; where nothing can be kept, it is parsed again next time."""
        if self._is_new:
            self._is_new = False
            with suppress(OSError):
                save(place(), self._kept)


def imported(tree: ast.Module) -> Iterator[str]:
    """Every dotted name a file imports; `from a import b` may mean the module a.b, so both are named."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield base
            yield from (f"{base}{'.' * bool(node.module)}{alias.name}" for alias in node.names)


def cache() -> Path:
    """The user's cache, where the system has it."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "lakeflow"


def place() -> Path:
    """The cache's file for this version of Python, which may not parse what another does, and of what reads the trees."""
    form = hashlib.sha256(sys.version.encode())
    for file in (__file__, syntax.__file__):
        form.update(Path(file).read_bytes())
    return cache() / f"source-{form.hexdigest()[:16]}.json"


def name_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def load(path: Path) -> dict[str, Said]:
    """What a file of the cache holds; one that is not as it was written holds nothing."""
    try:
        digest, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return {}
    if name_of(body).encode() != digest:
        return {}
    return {name: Said(digest, tuple(imports)) for name, (digest, imports) in json.loads(body).items()}


def save(path: Path, kept: dict[str, Said]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    body = json.dumps(kept if len(kept) <= MOST else {}).encode()
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(name_of(body).encode() + b"\n" + body)
    draft.replace(path)
