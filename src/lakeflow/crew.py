"""Who does the work of a run: this process, or a supervised pool of spawned ones."""

import hashlib
import os
from pathlib import Path

from lakeflow.code import DOMAIN, PROJECT
from lakeflow.executor import Executor, InlineExecutor
from lakeflow.machine import cores
from lakeflow.pool import Pool
from lakeflow.project import Project
from lakeflow.recipe import domain_package
from lakeflow.step import Step


def choose_executor(
    project: Project, steps: list[Step], workers: int | None, memory_gb: float | None
) -> Executor:
    """As many workers as cores, and no more than there is work for; one worker is this process itself."""
    to_do = sum(step.action != "none" for step in steps)
    later = any(step.action == "later" for step in steps)
    wanted = workers or (cores() if later else min(cores(), to_do))
    cache = numba_folder(project)
    if wanted <= 1:
        os.environ.setdefault("NUMBA_CACHE_DIR", str(cache))
        return InlineExecutor()
    return Pool(wanted, memory_gb=memory_gb, env={"NUMBA_CACHE_DIR": str(cache)})


def numba_folder(project: Project) -> Path:
    """Compiled kernels by the source they came from: Numba's own cache does not see a change in an imported module."""
    digest = hashlib.sha256()
    folders = [project.root / name for name in PROJECT] + [domain_package() / name for name in DOMAIN]
    for file in sorted(file for folder in folders for file in folder.rglob("*.py")):
        digest.update(file.name.encode() + file.read_bytes())
    return project.lake / ".lakeflow" / "cache" / f"numba-{digest.hexdigest()[:16]}"
