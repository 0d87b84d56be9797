"""The book bench runs with its peers and without, at a size at which nothing it says means anything; nothing is timed."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BENCH = ROOT / "scripts" / "bench"
PEERS = ROOT / ".bench" / "venv" / "bin" / "python"


@pytest.fixture
def fault(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    return importlib.import_module("peers").fault


def said(python, *words, **env):
    done = subprocess.run(
        [python, BENCH / "book.py", "--turns", "1", "--records", "20000", *words],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def bars(lines):
    return [line.removeprefix("BAR ").split(" | ") for line in lines if line.startswith("BAR ")]


def test_without_peers_their_bars_are_not_measured_and_do_not_hold():
    lines = said(sys.executable, "--alone", "none on this machine")
    missing = [
        bar for bar, measured, _, holds in bars(lines) if (measured, holds) == ("not measured", "None")
    ]
    assert missing == [
        "book: touch, over nautilus' bare apply",
        "book: ten levels, over nautilus'",
        "book: touch, over hftbacktest's bare",
    ]
    assert len(bars(lines)) == 8
    assert sum(line.endswith("not measured: none on this machine") for line in lines) == 2


@pytest.mark.parametrize(
    ("program", "limit", "why"),
    [
        ("pass", 30, ""),
        ("while True: pass", 0.3, "no end after 0.3 s"),
        ("import os; os.kill(os.getpid(), 9)", 30, "killed by signal 9"),
        ("raise SystemExit('it ends elsewhere')", 30, "it ends elsewhere"),
    ],
)
def test_a_peer_that_does_not_come_to_its_end_is_left_out_with_the_reason(fault, program, limit, why):
    assert fault([sys.executable, "-S", "-c", program], limit) == why


@pytest.mark.soak
def test_with_peers_every_bar_is_measured():
    if not PEERS.exists():
        pytest.skip("scripts/bench/book.py has not installed the peers yet")
    told = bars(said(PEERS, LAKEFLOW_BENCH_PEERS="1", PYTHONPATH=str(ROOT / "src")))
    assert [bar for bar, measured, *_ in told if measured == "not measured"] == []
    assert len(told) == 8


@pytest.mark.soak
def test_a_second_start_finds_every_kernel_compiled():
    told = bars(said(sys.executable))
    assert [bar.split(" (")[0] for bar, *_ in told[8:]] == [
        "book: compile, slowest kernel",
        "book: warm start",
    ]
