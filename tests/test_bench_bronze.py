"""The benches of reading and of bronze run at a size at which no speed means anything; memory is held to its bound."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "scripts" / "bench"


@pytest.mark.parametrize(("name", "bars"), [("reader.py", 1), ("bronze.py", 6)])
def test_a_bench_runs_and_says_its_bars(tmp_path, name, bars):
    words = [sys.executable, BENCH / name, "--records", "20000", "--turns", "1"]
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stdout.splitlines() if line.startswith("BAR ")]
    assert [line.count(" | ") for line in told] == [3] * bars


@pytest.fixture
def bronze(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(BENCH)
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # the days are written there, by processes of their own
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return importlib.import_module("bronze")


@pytest.mark.soak
def test_a_day_four_times_as_long_takes_no_more_memory(bronze, tmp_path):
    days = {records: bronze.kept(records) for records in (500_000, 2_000_000)}
    small = bronze.kept(1_000, bronze.DAY_BEFORE)
    peaks = []
    for records, file in days.items():
        root = bronze.project(tmp_path / str(records), {bronze.DAY_BEFORE: small, bronze.DAY: file})
        peaks.append(bronze.measured(root).peak)
    assert max(peaks) < 500
    assert max(peaks) < 1.1 * min(peaks)
