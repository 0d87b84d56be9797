"""Every bench runs, at a size at which nothing it says means anything; nothing here is timed."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "scripts" / "bench"


@pytest.mark.parametrize(
    ("name", "words", "bars"),
    [
        ("start.py", ("--toy", "--turns", "1"), 4),
        ("overhead.py", ("--steps", "4"), 1),
        ("many.py", ("--symbols", "1", "--days", "8", "--turns", "1"), 7),
        ("streaming.py", ("--gb", "0.01"), 2),
        ("contract_check.py", ("20000",), 1),
        ("forecast.py", ("400",), 9),
    ],
)
def test_a_bench_runs_and_says_its_bars(tmp_path, name, words, bars):
    done = subprocess.run(
        [sys.executable, BENCH / name, *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stdout.splitlines() if line.startswith("BAR ")]
    assert [line.count(" | ") for line in told] == [3] * bars
