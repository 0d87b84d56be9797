"""What code a stage stands on: its module and every project or domain module it imports, as one digest.

Only `import` statements are followed, wherever they stand; what a module loads by name or reads from a file is not
seen. The engine is no part of it.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from lakeflow.errors import ConfigError
from lakeflow.syntax import canonical

PROJECT = ("stages", "filters", "selection", "audits")
DOMAIN = ("market", "truth", "options", "forecast", "vendors", "simulate")


class Code:
    """The project's and the domain's modules, read and parsed once each."""

    def __init__(self, root: Path, package: Path) -> None:
        self._root = root
        self._package = package
        self._trees: dict[Path, ast.Module] = {}
        self._own: dict[Path, str] = {}
        self._imports: dict[Path, tuple[str, ...]] = {}

    def file_of(self, module: str) -> Path | None:
        """The source file a dotted name stands for, or None when it is not the project's or a domain module."""
        base = self._base(module)
        if base is None:
            return None
        # A package wins over a module of the same name, as it does when Python imports it.
        return next((p for p in (base / "__init__.py", base.with_suffix(".py")) if p.is_file()), None)

    def tree(self, file: Path) -> ast.Module:
        """The file's syntax; a file that is not Python is a ConfigError."""
        if file not in self._trees:
            try:
                self._trees[file] = ast.parse(file.read_bytes(), filename=str(file))
            except SyntaxError as error:
                line = f":{error.lineno}" if error.lineno else ""
                raise ConfigError([f"{self.place(file)}{line}: not valid Python: {error.msg}"]) from None
            except (ValueError, RecursionError) as error:  # null bytes; an expression that nests too deeply
                raise ConfigError([f"{self.place(file)}: not valid Python: {error}"]) from None
            except OSError as error:
                raise ConfigError([f"{self.place(file)}: cannot be read: {error.strerror}"]) from None
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
        return {name: self._own_digest(file) for name, file in sorted(self.closure(modules).items())}

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
                self.tree(file)
            except ConfigError as error:
                yield from map(str, error.faults)

    def _base(self, module: str) -> Path | None:
        head, *rest = module.split(".")
        if not all(part.isidentifier() for part in (head, *rest)):
            return None
        if head in PROJECT:
            return self._root.joinpath(head, *rest)
        return self._package.joinpath(*rest) if head == "lakeflow" and rest and rest[0] in DOMAIN else None

    def _imported(self, module: str, file: Path) -> tuple[str, ...]:
        if file not in self._imports:
            try:
                names = imported_names(self.tree(file), module, is_package=file.name == "__init__.py")
                self._imports[file] = tuple(dict.fromkeys(with_parents(names)))
            except ConfigError:  # not Python: `faults` and `digest`, which need the source, say so
                self._imports[file] = ()
        return self._imports[file]

    def _own_digest(self, file: Path) -> str:
        if file not in self._own:
            self._own[file] = hashlib.sha256(canonical(self.tree(file)).encode()).hexdigest()
        return self._own[file]


def imported_names(tree: ast.Module, module: str, *, is_package: bool) -> Iterator[str]:
    """Every dotted name a module imports; `from a import b` may mean the module a.b, so both are named."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            base = absolute(node, module, is_package=is_package)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def absolute(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    """The module that `from ... import` names; one level up from a package's own file is the package itself."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    kept = parts[: max(0, len(parts) - node.level + is_package)]
    return ".".join([*kept, *([node.module] if node.module else [])])


def with_parents(names: Iterable[str]) -> Iterator[str]:
    """Importing a.b.c runs a and a.b first."""
    for name in names:
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            yield ".".join(parts[:end])
