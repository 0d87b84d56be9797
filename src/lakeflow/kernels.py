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


def kernel_folder(project: Project) -> Path:
    """The folder for the source as it is: Numba's own cache does not see a change in an imported module."""
    digest = hashlib.sha256()
    folders = [project.root / name for name in PROJECT] + [domain_package() / name for name in DOMAIN]
    for file in sorted(file for folder in folders for file in folder.rglob("*.py")):
        digest.update(file.name.encode() + file.read_bytes())
    return cache() / f"kernels-{digest.hexdigest()[:16]}"


def ready(project: Project) -> tuple[Path, bool]:
    """Where the kernels of a run are to be kept, and whether none was compiled there before."""
    folder = Path(os.environ.get(VARIABLE) or kernel_folder(project))
    is_new = not folder.is_dir() or not any(folder.iterdir())
    with suppress(OSError):  # where nothing can be kept, every process compiles for itself
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
    return folder, is_new


def has_kernels(project: Project, stages: Iterable[str]) -> bool:
    """Whether any of these stages stands on a module with kernels."""
    modules = [name for key in stages for name in project.recipes.modules(project.catalog.stages[key])]
    return any(b"numba" in file.read_bytes() for file in project.code.closure(modules).values())


def unused() -> Iterator[Path]:
    """The folders of kernels that no run has asked for in a long time."""
    now = time.time()
    with suppress(OSError):
        yield from (each for each in cache().glob("kernels-*") if now - each.stat().st_mtime > OLD)
