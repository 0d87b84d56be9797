"""The command as a user types it, and copies of a toy project in which a day was made by it."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.toys import DEFAULTS

RAW = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"


@pytest.fixture(scope="session")
def cli() -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "lakeflow.cli", *words]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def first(tmp_path_factory, cli) -> Path:
    """The project that the copies are of: it alone is known by its files' places, so that nothing is read to see that it is current."""
    root = tmp_path_factory.mktemp("first")
    for name, text in (DEFAULTS | {RAW: "1 100\n2 200\n"}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    done = cli("run", "--layer", "silver", "--symbol", "A1", "--dt", "2026-01-06", cwd=root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def made(toy, first) -> Path:
    root = toy({})
    shutil.copytree(first / "lake", root / "lake")
    return root
