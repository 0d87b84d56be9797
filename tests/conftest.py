"""Toy projects in a temporary folder: what a test does not say of one stands in toys.py. Files of the vendors' samples."""

import importlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from lakeflow.code import PROJECT
from lakeflow.errors import ConfigError
from lakeflow.kernels import VARIABLE, kernel_folder

if TYPE_CHECKING:
    from lakeflow.project import Project
    from lakeflow.summary import Summary

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # the project's stages, filters and selections, and what stands beside a test

from tests.toys import DEFAULTS  # noqa: E402  found through that path

os.environ.setdefault(VARIABLE, str(kernel_folder(ROOT)))  # what a command compiles, tests find compiled

settings.register_profile("shared", deadline=None)  # on shared cores a slow example says nothing
settings.load_profile("shared")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts what it puts in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)

Toy = Callable[[dict[str, str]], Path]
Told = Callable[[str, dict[str, str]], list[str]]
Go = Callable[..., tuple["Project", "Summary"]]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With several workers: xdist's own groups do not see what pytest 9.2 takes for the name of a test."""
    from tests.scheduling import ByFolder

    return ByFolder(config, log)


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Toy]:
    """Write files, by their path in the project, over the defaults; returns the project's root.

    Called again, it changes only the files it is given, and what was imported of them is forgotten. A delivery is
    a file like any other: `lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt`.
    """
    root = tmp_path / "toy"
    # A .pyc is trusted by second and size of its source: an edit within the second would not be seen.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    engine = {name: module for name, module in sys.modules.items() if name.startswith("lakeflow.")}
    path, ours = list(sys.path), forget()

    def write(files: dict[str, str]) -> Path:
        forget()
        for name, text in (files if root.exists() else DEFAULTS | files).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        return root

    yield write
    forget()
    sys.path[:] = path
    sys.modules.update(engine | ours)  # a run lets go of domain modules; other tests hold their classes


@pytest.fixture
def go() -> Go:
    """Make all of a toy that a request wants; the project, and how every step ended."""
    from lakeflow.execution import Terms, execute  # the tests of the domain packages need no engine
    from lakeflow.project import open_project
    from lakeflow.request import Request

    def run(root: Path, workers: int = 1, **wanted: Any) -> "tuple[Project, Summary]":
        project = open_project(root)
        request = Request(frozenset(project.catalog.datasets), **wanted)
        return project, execute(project, request, Terms(workers=workers))

    return run


@pytest.fixture
def told(toy: Toy) -> Told:
    """What is said of a toy in which some words of one file are others."""
    from lakeflow.project import open_project  # the tests of the domain packages need no engine

    def change(file: str, edits: dict[str, str]) -> list[str]:
        root = toy({})
        text = (root / file).read_text(encoding="utf-8")
        for old, new in edits.items():
            assert text.count(old) == 1, f"{old!r} must stand once in {file}"
            text = text.replace(old, new)
        toy({file: text})
        with pytest.raises(ConfigError) as refused:
            open_project(root)
        return [str(fault) for fault in refused.value.faults]

    return change


def forget() -> dict[str, ModuleType]:
    """Unload every module of a project, this repository's own as well, and hand them over."""
    names = [name for name in sys.modules if name.split(".", maxsplit=1)[0] in PROJECT]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture(scope="session")
def vendor() -> Callable[[str], Path]:
    """A file of the shared vendor samples, by its path there; the test is skipped where there are none."""

    def find(name: str) -> Path:
        path = ROOT.parent / "shared" / "data" / name
        return path if path.exists() else pytest.skip(f"no vendor samples at ../shared/data ({name})")

    return find


@pytest.fixture(scope="session")
def copied() -> Callable[[Path], Path]:
    """A folder with all of this project but its lake: what a command makes there, it makes of our stages."""

    def copy(root: Path) -> Path:
        for name in ("contracts", "stages", "filters", "selection"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "datasets.yaml", root)
        return root

    return copy
