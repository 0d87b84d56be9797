"""Two runs for the same dates at once: every partition is made once, and who is in the way is said."""

import subprocess
import sys
from pathlib import Path

from lakeflow.lake import Lake
from lakeflow.project import open_project

DAYS = [
    f"lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-0{day}/lines.txt" for day in range(1, 7)
]
COUNTED = """
import os
import time

import polars as pl


def scale(lines: pl.DataFrame, times: int, symbol: str, dt: object) -> pl.DataFrame:
    descriptor = os.open(os.environ["CALLS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{symbol} {dt}\\n".encode())
    os.close(descriptor)
    time.sleep(0.05)
    return lines
"""


def command(root: Path, *words: str, calls: Path) -> subprocess.Popen[str]:
    env = {"CALLS": str(calls), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(root)}
    return subprocess.Popen(
        [sys.executable, "-m", "lakeflow.cli", *words, "--workers", "1"], cwd=root, env=env, text=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )  # fmt: skip


def test_two_runs_at_once_make_every_partition_once(toy):
    root = toy({**dict.fromkeys(DAYS, "1 100\n"), "stages/silver/prices.py": COUNTED})
    calls = root / "calls"
    runs = [command(root, "run", calls=calls) for _ in range(2)]
    said = [run.communicate(timeout=60) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert sorted(calls.read_text().splitlines()) == [f"A1 2026-01-0{day}" for day in range(1, 7)]


def test_a_run_that_will_not_wait_says_who_holds_the_step(toy):
    root = toy({DAYS[0]: "1 100\n", "stages/silver/prices.py": COUNTED})
    with open_project(root) as project:
        other = Lake(project.lake, "20260101T000000-other")
        other.open()
        lock = other.lock("bronze.toy.split A1 2026-01-01")
        lock.acquire(wait=False)
        run = command(root, "run", "--wait", "0", calls=root / "calls")
        _, said = run.communicate(timeout=60)
        lock.release()
        other.close()
    assert run.returncode == 75
    assert "20260101T000000-other" in said
