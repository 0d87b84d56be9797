"""What code a stage stands on: its module and every project or domain module it imports, as one digest.

Docstrings and comments do not count, and neither does the engine. The digest is of `ast.unparse`, which says the
same on every Python version where `ast.dump` does not.
"""

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

PROJECT = ("stages", "filters", "selection")
DOMAIN = ("market", "truth", "options", "forecast", "vendors", "simulate", "calendar")


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
        head, *rest = module.split(".")
        if head == "lakeflow":
            if not rest or rest[0] not in DOMAIN:
                return None
            base = self._package.joinpath(*rest)
        elif head in PROJECT:
            base = self._root.joinpath(head, *rest)
        else:
            return None
        return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)

    def tree(self, file: Path) -> ast.Module:
        if file not in self._trees:
            self._trees[file] = ast.parse(file.read_text(encoding="utf-8"), filename=str(file))
        return self._trees[file]

    def digest(self, modules: list[str]) -> str:
        """One digest over these modules and all they import, whatever order they are found in."""
        parts = sorted(f"{name} {self._own_digest(file)}" for name, file in self.closure(modules).items())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def parts(self, modules: list[str]) -> dict[str, str]:
        """The digest of each module that these stand on, by dotted name."""
        return {name: self._own_digest(file) for name, file in sorted(self.closure(modules).items())}

    def closure(self, modules: list[str]) -> dict[str, Path]:
        """Every first-party module reached from these, with its file."""
        found: dict[str, Path] = {}
        waiting = list(modules)
        while waiting:
            module = waiting.pop()
            file = self.file_of(module)
            if file is None or module in found:
                continue
            found[module] = file
            waiting += self._imported(module, file)
        return found

    def _imported(self, module: str, file: Path) -> tuple[str, ...]:
        if file not in self._imports:
            names = imported_names(self.tree(file), module, is_package=file.name == "__init__.py")
            self._imports[file] = tuple(dict.fromkeys(with_parents(names)))
        return self._imports[file]

    def _own_digest(self, file: Path) -> str:
        if file not in self._own:
            text = ast.unparse(without_docstrings(self.tree(file)))
            self._own[file] = hashlib.sha256(text.encode()).hexdigest()
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
    if not node.level:
        return node.module or ""
    parts = module.split(".") if is_package else module.split(".")[:-1]
    parts = parts[: len(parts) - (node.level - 1)]
    return ".".join([*parts, *([node.module] if node.module else [])])


def with_parents(names: Iterator[str]) -> Iterator[str]:
    """Importing a.b.c runs a and a.b first."""
    for name in names:
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            yield ".".join(parts[:end])


def without_docstrings(tree: ast.Module) -> ast.Module:
    """The tree without its docstrings; the tree given is left as it was."""
    copy = ast.parse(ast.unparse(tree))
    for node in ast.walk(copy):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:] or [ast.Pass()]
    return copy
