"""A full disk, a lake that cannot be written, a clock that goes backwards: a clear word, and nothing lost."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lakeflow.project import open_project

RAW = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"


def run(
    root: Path, *words: str, limit: int | None = None, python: str = ""
) -> subprocess.CompletedProcess[str]:
    """One command in a process; with a limit no file of its may grow beyond so many bytes, as on a full disk."""

    def confine() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit or 0, limit or 0))

    code = f"import sys\n{python}\nfrom lakeflow.cli.main import main\nmain()\n"
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=root, capture_output=True, text=True, check=False,
        preexec_fn=confine if limit else None,
    )  # fmt: skip


def test_a_full_disk_fails_the_step_and_harms_nothing(toy):
    root = toy({RAW: "".join(f"{n} {n * 7919 % 1000003}\n" for n in range(1, 60_000))})
    assert run(root, "run").returncode == 0
    before = {file: file.read_bytes() for file in (root / "lake").rglob("*.parquet")}
    registry = (root / "datasets.yaml").read_text()
    toy({"datasets.yaml": registry.replace("times: 10", "times: 3")})
    failed = run(root, "run", "--workers", "1", limit=200_000)
    assert failed.returncode != 0
    assert "Traceback" not in failed.stderr
    assert {file: file.read_bytes() for file in before} == before
    assert run(root, "run").returncode == 0
    with open_project(root) as project:
        assert project["silver.toy.prices"].frame["price"][0] == 7919 * 3


def test_a_lake_that_cannot_be_written_is_read_and_planned_and_not_run(toy, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root writes where it likes; this is for users")
    root = toy({RAW: "1 100\n"})
    assert run(root, "run").returncode == 0
    for folder in [root / "lake", *(p for p in (root / "lake").rglob("*") if p.is_dir())]:
        folder.chmod(0o555)
    assert run(root, "plan").returncode == 0
    assert run(root, "run", "--overwrite").returncode == 1
    for folder in [root / "lake", *(root / "lake").rglob("*")]:
        folder.chmod(0o755)


def test_a_clock_that_goes_backwards_makes_no_run_forget_another(toy):
    root = toy({RAW: "1 100\n"})
    assert run(root, "run").returncode == 0
    back = "import time\nreal = time.time\ntime.time = lambda: real() - 86400 * 365"
    registry = (root / "datasets.yaml").read_text()
    toy({"datasets.yaml": registry.replace("times: 10", "times: 3")})
    assert run(root, "run", python=back).returncode == 0
    assert run(root, "run").returncode == 0
    with open_project(root) as project:
        assert len(project.ledger.runs()) == 3
        assert project["silver.toy.prices"].frame["price"].to_list() == [300]
