"""One holder at a time, whatever holds, dies, waits or looks on."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lakeflow.errors import Locked
from lakeflow.locks import Lock, holders

PRELUDE = """
import os, sys, time
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from lakeflow.locks import Lock
folder = Path(sys.argv[1])
"""
HOLD = """
with Lock(folder, "bbo ESH6 2026-01-06", run="r1"):
    print("held", flush=True)
    time.sleep(60)
"""
COUNT = """
for _ in range(50):
    with Lock(folder, "counter"):
        before = int((folder / "count").read_text())
        time.sleep(0.0005)
        (folder / "count").write_text(str(before + 1))
"""


def spawn(folder: Path, code: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", PRELUDE + code, str(folder), *filter(None, sys.path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_lock_is_held_by_one_even_within_a_process(tmp_path: Path) -> None:
    first, second = Lock(tmp_path, "bbo", run="r1"), Lock(tmp_path, "bbo")
    first.acquire()
    with pytest.raises(Locked):
        second.acquire(wait=False)
    with pytest.raises(Locked):
        first.acquire(wait=False)
    first.release()
    second.acquire(wait=False)
    second.release()


def test_other_names_are_other_locks(tmp_path: Path) -> None:
    with Lock(tmp_path, "bbo ESH6 2026-01-06"), Lock(tmp_path, "bbo ESH6 2026-01-07") as other:
        assert other.name == "bbo ESH6 2026-01-07"


def test_the_message_names_the_holder(tmp_path: Path) -> None:
    with Lock(tmp_path, "bbo ESH6 2026-01-06", run="r1"), pytest.raises(Locked) as refusal:
        Lock(tmp_path, "bbo ESH6 2026-01-06").acquire(wait=0.05)
    assert str(refusal.value).startswith(f"bbo ESH6 2026-01-06 is held by run r1 (process {os.getpid()} on ")
    assert refusal.value.code == 75


def test_waiting_ends_when_the_holder_lets_go(tmp_path: Path) -> None:
    lock = Lock(tmp_path, "bbo")
    lock.acquire()
    threading.Timer(0.1, lock.release).start()
    with Lock(tmp_path, "bbo") as waited:
        assert waited.name == "bbo"


def test_waiting_ends_after_the_time_given(tmp_path: Path) -> None:
    with Lock(tmp_path, "bbo"):
        began = time.monotonic()
        with pytest.raises(Locked):
            Lock(tmp_path, "bbo").acquire(wait=0.2)
    assert time.monotonic() - began >= 0.2


def test_a_lock_is_free_when_its_holder_was_killed(tmp_path: Path) -> None:
    with spawn(tmp_path, HOLD) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(Locked, match=f"process {process.pid} "):
            Lock(tmp_path, "bbo ESH6 2026-01-06").acquire(wait=False)
        assert [about["pid"] for about in holders(tmp_path)] == [process.pid]
        process.send_signal(signal.SIGKILL)
    with Lock(tmp_path, "bbo ESH6 2026-01-06") as lock:
        assert [about["name"] for about in holders(tmp_path)] == [lock.name]


def test_four_processes_never_meet_in_fifty_critical_sections_each(tmp_path: Path) -> None:
    (tmp_path / "count").write_text("0")
    processes = [spawn(tmp_path, COUNT) for _ in range(4)]
    while any(process.poll() is None for process in processes):
        holders(tmp_path)  # an onlooker is in nobody's way
        time.sleep(0.001)
    assert [process.wait() for process in processes] == [0] * 4
    for process in processes:
        process.communicate()
    assert (tmp_path / "count").read_text() == "200"
    assert list(tmp_path.iterdir()) == [tmp_path / "count"]


def test_holders_lists_what_is_held_and_not_what_a_dead_run_left(tmp_path: Path) -> None:
    (tmp_path / "0123.lock").write_text('{"name": "left by a run that was killed"}')
    with Lock(tmp_path, "run r1", run="r1"):
        assert [(about["name"], about["run"]) for about in holders(tmp_path)] == [("run r1", "r1")]
    assert holders(tmp_path) == []
