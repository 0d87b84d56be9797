"""The bench of captured feeds runs in every shape; a longer day takes no more memory, of a short day and of a long one alike."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "scripts" / "bench"


@pytest.mark.parametrize("shape", ["one", "many", "two", "archive"])
def test_the_bench_runs_and_says_its_bars(shape):
    words = [sys.executable, BENCH / "forecast_feed.py", "4000", "--shape", shape, "--turns", "1"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stdout.splitlines() if line.startswith("BAR ")]
    assert [line.count(" | ") for line in told] == [3] * 3


@pytest.mark.parametrize(
    ("changes", "shape", "most"),
    [
        (400_000, "one", 1.5),  # a quarter of it does not fill a row group yet
        pytest.param(4_000_000, "one", 1.1, marks=pytest.mark.soak),
        pytest.param(2_000_000, "two", 1.15, marks=pytest.mark.soak),
        pytest.param(2_000_000, "many", 1.15, marks=pytest.mark.soak),
    ],
)
def test_four_times_the_day_takes_no_more_memory(monkeypatch, changes, shape, most):
    monkeypatch.syspath_prepend(BENCH)
    taken = importlib.import_module("forecast_feed").taken
    few, many = (taken(count, shape, 1) for count in (changes // 4, changes))
    assert {stage: many[stage].peak / few[stage].peak < most for stage in many} == dict.fromkeys(many, True)
    assert max(each.peak for each in many.values()) < 700
