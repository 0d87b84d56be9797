"""What code a stage stands on: its module and every project or domain module it imports, as one digest.

Only `import` statements are followed, wherever they stand; what a module loads by name or reads from a file is not
seen. The engine is no part of it.
"""

import ast
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from lakeflow.errors import ConfigError
from lakeflow.source import Said, Sources

PROJECT = ("stages", "filters", "selection", "audits")
DOMAIN = ("market", "truth", "options", "forecast", "vendors", "simulate")


class Code:
    """The project's and the domain's modules, looked for and read once each; parsed where the cache does not know them."""

    def __init__(self, root: Path, package: Path) -> None:
        self._root = root
        self._package = package
        self._sources = Sources()
        self._files: dict[str, Path | None] = {}
        self._raw: dict[Path, bytes] = {}
        self._trees: dict[Path, ast.Module] = {}
        self._said: dict[Path, Said] = {}
        self._imports: dict[str, tuple[str, ...]] = {}

    def file_of(self, module: str) -> Path | None:
        """The source file a dotted name stands for, or None when it is not the project's or a domain module."""
        if module not in self._files:
            base = self._base(module)
            # A package wins over a module of the same name, as it does when Python imports it.
            there = (
                base and next(filter(os.path.isfile, (f"{base}/__init__.py", f"{base}.py")), None)
            ) or None
            self._files[module] = Path(there) if there else None
        return self._files[module]

    def tree(self, file: Path) -> ast.Module:
        """The file's syntax; a file that is not Python is a ConfigError."""
        if file not in self._trees:
            try:
                self._trees[file] = ast.parse(self._read(file), filename=str(file))
            except SyntaxError as error:
                line = f":{error.lineno}" if error.lineno else ""
                raise ConfigError([f"{self.place(file)}{line}: not valid Python: {error.msg}"]) from None
            except (ValueError, RecursionError) as error:  # null bytes; an expression that nests too deeply
                raise ConfigError([f"{self.place(file)}: not valid Python: {error}"]) from None
        return self._trees[file]

    def place(self, file: Path) -> str:
        """A file as a reader of the project knows it."""
        inside = file.is_relative_to(self._root)
        return file.relative_to(self._root if inside else self._package.parent).as_posix()

    def digest(self, modules: Iterable[str]) -> str:
        """One digest over these modules and all they import, whatever order they are found in."""
        lines = (f"{name} {text}" for name, text in self.parts(modules).items())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def parts(self, modules: Iterable[str]) -> dict[str, str]:
        """The digest of each module that these stand on, by dotted name."""
        found = {name: self._what(file).digest for name, file in sorted(self.closure(modules).items())}
        self._sources.keep()
        return found

    def closure(self, modules: Iterable[str]) -> dict[str, Path]:
        """Every first-party module reached from these, packages on the way included, with its file."""
        found: dict[str, Path] = {}
        waiting = list(with_parents(modules))
        while waiting:
            module = waiting.pop()
            file = None if module in found else self.file_of(module)
            if file is not None:
                found[module] = file
                waiting += self._imported(module, file)
        return found

    def faults(self, modules: Iterable[str]) -> Iterator[str]:
        """The files among all that these modules stand on that are not Python."""
        for file in sorted(set(self.closure(modules).values())):
            try:
                self._what(file)
            except ConfigError as error:
                yield from map(str, error.faults)
        self._sources.keep()

    def _base(self, module: str) -> str | None:
        head, *rest = parts = module.split(".")
        if not all(map(str.isidentifier, parts)):
            return None
        if head in PROJECT:
            return os.path.join(self._root, *parts)
        return (
            os.path.join(self._package, *rest) if head == "lakeflow" and rest and rest[0] in DOMAIN else None
        )

    def _read(self, file: Path) -> bytes:
        if file not in self._raw:
            try:
                self._raw[file] = file.read_bytes()
            except OSError as error:
                raise ConfigError([f"{self.place(file)}: cannot be read: {error.strerror}"]) from None
        return self._raw[file]

    def _what(self, file: Path) -> Said:
        """What a file says, from its bytes alone; a file that is not Python is a ConfigError."""
        if file not in self._said:
            raw = self._read(file)
            self._said[file] = self._sources.known(raw) or self._sources.learn(raw, self.tree(file))
        return self._said[file]

    def _imported(self, module: str, file: Path) -> tuple[str, ...]:
        """The first-party modules that one imports, packages on the way included."""
        if module not in self._imports:
            try:
                written = self._what(file).imports
            except ConfigError:  # not Python: `faults` and `digest`, which need the source, say so
                written = ()
            is_package = file.name == "__init__.py"
            names = with_parents(absolute(name, module, is_package=is_package) for name in written)
            self._imports[module] = tuple(name for name in dict.fromkeys(names) if self.file_of(name))
        return self._imports[module]


def absolute(name: str, module: str, *, is_package: bool) -> str:
    """The module that an import names as it is written; one level up from a package's own file is the package itself."""
    rest = name.lstrip(".")
    level = len(name) - len(rest)
    if not level:
        return name
    parts = module.split(".")
    kept = parts[: max(0, len(parts) - level + is_package)]
    return ".".join([*kept, *([rest] if rest else [])])


def with_parents(names: Iterable[str]) -> Iterator[str]:
    """Importing a.b.c runs a and a.b first."""
    for name in names:
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            yield ".".join(parts[:end])
