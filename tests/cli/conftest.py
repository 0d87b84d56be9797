"""The command as a user types it, and a toy project in which a day was made by it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

RAW = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"


@pytest.fixture(scope="session")
def cli() -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "lakeflow.cli", *words]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def made(toy, cli) -> Path:
    root = toy({RAW: "1 100\n2 200\n"})
    done = cli("run", "--layer", "silver", "--symbol", "A1", "--dt", "2026-01-06", cwd=root)
    assert done.returncode == 0, done.stderr
    return root
