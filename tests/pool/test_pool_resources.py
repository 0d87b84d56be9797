"""Memory, cores and processes: what workers may take, and that they give it back."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from chores import outcome_of, task

from lakeflow.executor import Task
from lakeflow.pool import Pool


def test_tasks_run_together_as_far_as_their_memory_fits(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Pool(3, memory_gb=4) as pool:
        for number, memory_gb in enumerate([2, 2, 2, 9, 2]):
            pool.submit(task("come_and_go", str(log), 0.15, key=str(number), memory_gb=memory_gb))
        assert [o.state for o in pool.outcomes()] == ["done"] * 5
    together, most = 0, 0
    for word in log.read_text():
        together += 1 if word == "+" else -1
        most = max(most, together)
    assert most == 2


def test_workers_are_warm_and_are_changed_after_so_many_tasks() -> None:
    with Pool(1, recycle_tasks=3) as pool:
        for number in range(7):
            pool.submit(task("pid", key=str(number)))
        pids = [o.value for o in pool.outcomes()]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]


def test_a_worker_that_keeps_much_memory_is_changed() -> None:
    with Pool(1, recycle_bytes=100 << 20) as pool:
        first, second = outcome_of(pool, task("hoard", 200 << 20)).value, outcome_of(pool, task("pid")).value
    assert first != second


def test_a_tasks_peak_memory_is_its_own() -> None:
    with Pool(1) as pool:
        large = outcome_of(pool, task("borrow", 300 << 20)).rss_peak_bytes
        small = outcome_of(pool, task("double", 1)).rss_peak_bytes
    assert large > 300 << 20
    assert small < 100 << 20


def test_workers_share_the_cores_and_get_the_environment_before_anything_else() -> None:
    with Pool(64, env={"NUMBA_CACHE_DIR": "kernels"}) as pool:
        assert outcome_of(pool, task("environment", "POLARS_MAX_THREADS")).value == "1"
        assert outcome_of(pool, task("environment", "NUMBA_CACHE_DIR")).value == "kernels"
    assert "NUMBA_CACHE_DIR" not in os.environ or os.environ["NUMBA_CACHE_DIR"] != "kernels"


def test_polars_in_a_worker_keeps_to_its_share() -> None:
    with Pool(64) as pool:
        assert outcome_of(pool, Task("threads", "polars:thread_pool_size")).value == 1


def test_a_worker_starts_no_thread_beyond_its_share_of_the_cores() -> None:
    with Pool(64) as pool:
        assert outcome_of(pool, Task("threads", "lakeflow.machine:threads")).value == 1


def test_a_worker_leaves_interrupts_to_the_coordinator(pool: Pool) -> None:
    assert outcome_of(pool, task("ignores_interrupts")).value is True


def test_no_worker_outlives_the_pool() -> None:
    with Pool(2) as pool:
        pool.submit(task("pid"))
        pool.submit(task("nap", 60))
        pid = next(pool.outcomes()).value
    assert not is_running(pid)


COORDINATOR = """
import os, signal, sys
sys.path[:0] = sys.argv[1:]
from lakeflow.executor import Task
from lakeflow.pool import Pool
pool = Pool(2)
for key in "ab":
    pool.submit(Task(key, "chores:pid"))
    print(next(pool.outcomes()).value, flush=True)
    pool.submit(Task(key, "chores:nap", (60,)))
pool._assign()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_no_worker_outlives_a_coordinator_that_was_killed() -> None:
    command = [sys.executable, "-c", COORDINATOR, *filter(None, sys.path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    pids = [int(word) for word in ended.stdout.split()]
    end = time.monotonic() + 5
    while any(map(is_running, pids)) and time.monotonic() < end:
        time.sleep(0.01)
    assert not any(map(is_running, pids))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
