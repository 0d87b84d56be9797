"""A full disk, a lake that cannot be written, a clock that goes backwards: a clear word, and nothing lost."""

import ctypes
import os
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lakeflow.project import open_project

NOW = datetime.now(UTC)
LAST_YEAR, THIS_YEAR = str((NOW - timedelta(days=365)).year), str(NOW.year)
A_YEAR_AGO = """
import time
from datetime import datetime, timedelta

import lakeflow.account
import lakeflow.locks

real, back = time.time, timedelta(days=365)
time.time = lambda: real() - back.total_seconds()


class Behind(datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) - back


lakeflow.account.datetime = lakeflow.locks.datetime = Behind
"""
PR_CAPBSET_DROP, WRITES_ANYWHERE = 24, (1, 2)  # what root may and others may not, on Linux
RAW = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"


def run(
    root: Path, *words: str, limit: int | None = None, python: str = "", as_reader: bool = False
) -> subprocess.CompletedProcess[str]:
    """One command in a process; with a limit no file of its may grow beyond so many bytes, as on a full disk."""

    def confine() -> None:
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        if as_reader and os.getuid() == 0:
            for capability in WRITES_ANYWHERE:
                ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability)

    code = f"import sys\n{python}\nfrom lakeflow.cli.main import main\nmain()\n"
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=root, capture_output=True, text=True, check=False, preexec_fn=confine
    )  # fmt: skip


def test_a_full_disk_fails_the_step_and_harms_nothing(toy):
    root = toy({RAW: "".join(f"{n} {n * 7919 % 1000003}\n" for n in range(1, 60_000))})
    assert run(root, "run").returncode == 0
    before = {file: file.read_bytes() for file in (root / "lake").rglob("*.parquet")}
    registry = (root / "datasets.yaml").read_text()
    toy({"datasets.yaml": registry.replace("times: 10", "times: 3")})
    failed = run(root, "run", "--workers", "1", limit=200_000)
    assert failed.returncode == 3
    assert "File too large; free some space and run again" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert {file: file.read_bytes() for file in before} == before
    assert run(root, "run").returncode == 0
    with open_project(root) as project:
        assert project["silver.toy.prices"].frame["price"][0] == 7919 * 3


@pytest.mark.skipif(sys.platform != "linux" and os.getuid() == 0, reason="root writes where it likes")
def test_a_lake_that_cannot_be_written_is_read_and_planned_and_not_run(toy):
    root = toy({RAW: "1 100\n"})
    assert run(root, "run").returncode == 0
    before = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    folders = [root, *(folder for folder in root.rglob("*") if folder.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    planned = run(root, "plan", as_reader=True)
    asked = run(root, "query", "SELECT price FROM silver.toy.prices", as_reader=True)
    refused = run(root, "run", "--overwrite", as_reader=True)
    for folder in folders:
        folder.chmod(0o755)
    assert (planned.returncode, asked.returncode) == (0, 0)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"{root}/lake: expected a lake that can be written, found Permission denied\n"
    assert {file: file.read_bytes() for file in root.rglob("*") if file.is_file()} == before


def test_a_clock_that_goes_backwards_makes_no_run_forget_another(toy):
    root = toy({RAW: "1 100\n"})
    assert run(root, "run").returncode == 0
    registry = (root / "datasets.yaml").read_text()
    toy({"datasets.yaml": registry.replace("times: 10", "times: 3")})
    assert run(root, "run", python=A_YEAR_AGO).returncode == 0
    assert run(root, "run", "--overwrite").returncode == 0
    with open_project(root) as project:
        assert sorted(each.run_id[:4] for each in project.ledger.runs()) == [LAST_YEAR, THIS_YEAR, THIS_YEAR]
        assert project["silver.toy.prices"].frame["price"].to_list() == [300]
        assert project.ledger.failed_steps() == []
