"""Where compiled kernels are kept: one folder for each state of the source they come from, shared by every lake of a user."""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from lakeflow.code import DOMAIN, PROJECT
from lakeflow.project import Project
from lakeflow.recipe import domain_package
from lakeflow.source import cache

OLD = 30 * 86_400  # seconds after which kernels that no run has asked for are rubbish
VARIABLE = "NUMBA_CACHE_DIR"


def kernel_folder(root: Path) -> Path:
    """The folder for the source as it is: Numba's own cache does not see a change in an imported module.

    Projects of one installation share it. The code under a project's root counts only where it has kernels; where that lies does not.
    """
    digest = hashlib.sha256(str(domain_package().resolve()).encode())
    own = _sources(root, PROJECT)
    for name, text in _sources(domain_package(), DOMAIN) + own * any(_has_kernels(text) for _, text in own):
        digest.update(f"{name} {len(text)} ".encode() + text)
    return cache() / f"kernels-{digest.hexdigest()[:16]}"


def _sources(root: Path, folders: Iterable[str]) -> list[tuple[str, bytes]]:
    files = sorted(file for name in folders for file in (root / name).rglob("*.py"))
    return [(file.relative_to(root).as_posix(), file.read_bytes()) for file in files]


def _has_kernels(text: bytes) -> bool:
    return b"numba" in text


class Kernels:
    """The folder that the kernels of a run are kept in, and which stages are known to have compiled theirs there."""

    def __init__(self, project: Project) -> None:
        current = kernel_folder(project.root)
        self.folder = Path(os.environ.get(VARIABLE) or current)
        self._project = project
        self._mark = f"compiled.{current.name}"  # a folder that the user names outlives the source
        with suppress(OSError):  # where nothing can be kept, every process compiles for itself
            self.folder.mkdir(parents=True, exist_ok=True)
            os.utime(self.folder)

    def lacking(self, stages: Iterable[str]) -> list[str]:
        """Those of these stages that stand on kernels and have made nothing with them yet."""
        return [
            key for key in sorted(stages) if has_kernels(self._project, key) and not self._note(key).exists()
        ]

    def note(self, stages: Iterable[str]) -> None:
        """Remember that these stages have made something, so that their kernels are there."""
        with suppress(OSError):
            for key in self.lacking(stages):
                self._note(key).touch()

    def _note(self, stage: str) -> Path:
        return self.folder / f"{self._mark}.{stage}"


def has_kernels(project: Project, stage: str) -> bool:
    """Whether a stage stands on a module with kernels."""
    modules = project.recipes.modules(project.catalog.stages[stage])
    return any(_has_kernels(file.read_bytes()) for file in project.code.closure(modules).values())


def unused() -> Iterator[Path]:
    """The folders of kernels that no run has asked for in a long time."""
    now = time.time()
    with suppress(OSError):
        yield from (each for each in cache().glob("kernels-*") if now - each.stat().st_mtime > OLD)
