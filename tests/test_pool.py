"""What every executor promises, and what the pool promises besides: a death, a hang or a flood costs one task."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakeflow.executor import Executor, InlineExecutor, Outcome, Task
from lakeflow.pool import Pool

TASKS = """
import ctypes, os, signal, sys, time

class Busy(Exception):
    transient = True

class Panic(BaseException):
    pass

def double(number):
    return number * 2

def refuse(words):
    raise ValueError(words)

def leave():
    sys.exit(3)

def panic():
    raise Panic("index out of bounds")

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def crash():
    ctypes.string_at(0)

def nap(seconds):
    time.sleep(seconds)
    return os.getpid()

def lines_in(path):
    with open(path, "a+") as file:
        file.seek(0)
        return len(file.readlines())

def log(path, word="x"):
    with open(path, "a") as file:
        file.write(word + "\\n")

def busy_until(path, times):
    log(path)
    if lines_in(path) < times:
        raise Busy("the vendor says 503")
    return lines_in(path)

def die_until(path, times):
    log(path)
    if lines_in(path) < times:
        die()
    return lines_in(path)

def spread(path, seconds):
    log(path, "+")
    time.sleep(seconds)
    log(path, "-")

def bytes_of(size):
    return b"x" * size

def length(data):
    return len(data)

def unpicklable():
    return lambda: None

class Stubborn:
    def __reduce__(self):
        return refuse, ("made nowhere else",)

def stubborn():
    return Stubborn()

def pid():
    return os.getpid()

def environment(name):
    return os.environ[name]

def hoard(size):
    global kept
    kept = bytearray(size)
    return os.getpid()

def borrow(size):
    bytearray(b"x") * size

def chatter():
    print("for nobody's eyes")
    os.write(1, b"from deep down")

def interrupt_handler():
    return signal.getsignal(signal.SIGINT) == signal.SIG_IGN

def ctrl_c():
    os.kill(os.getppid() if os.environ.get("IN_POOL") else os.getpid(), signal.SIGINT)
    time.sleep(0.2)
    return "finished"
"""


@pytest.fixture(autouse=True)
def _tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "chores.py").write_text(TASKS)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("chores", None)


@pytest.fixture(params=["inline", "pool"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    with InlineExecutor() if request.param == "inline" else Pool(2, env={"IN_POOL": "1"}) as made:
        yield made


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(2) as made:
        yield made


def task(call: str, *args: object, **more: object) -> Task:
    return Task(str(more.pop("key", call)), f"chores:{call}", args, **more)  # type: ignore[arg-type]


def outcome_of(executor: Executor, given: Task) -> Outcome:
    executor.submit(given)
    (outcome,) = executor.outcomes()
    return outcome


# --- what every executor promises


def test_a_task_ends_with_its_value(executor: Executor) -> None:
    outcome = outcome_of(executor, task("double", 21))
    assert (outcome.key, outcome.state, outcome.value, outcome.attempts) == ("double", "done", 42, 1)
    assert outcome.seconds > 0
    assert outcome.rss_peak_bytes > 1 << 20


def test_every_task_has_exactly_one_outcome(executor: Executor) -> None:
    for number in range(30):
        executor.submit(task("double", number, key=str(number)))
    assert sorted((o.key, o.value) for o in executor.outcomes()) == sorted((str(n), n * 2) for n in range(30))
    assert list(executor.outcomes()) == []


def test_a_task_may_be_submitted_while_outcomes_are_read(executor: Executor) -> None:
    executor.submit(task("double", 1))
    values = []
    for outcome in executor.outcomes():
        values.append(outcome.value)
        if outcome.value < 100:
            executor.submit(task("double", outcome.value))
    assert values == [2, 4, 8, 16, 32, 64, 128]


def test_an_exception_is_the_tasks_failure_with_its_traceback(executor: Executor) -> None:
    outcome = outcome_of(executor, task("refuse", "no such side: Q", retries=3))
    assert (outcome.state, outcome.error_class, outcome.message) == (
        "failed",
        "ValueError",
        "no such side: Q",
    )
    assert "in refuse" in outcome.traceback
    assert (outcome.transient, outcome.attempts) == (False, 1)


@pytest.mark.parametrize(("call", "error"), [("leave", "SystemExit"), ("panic", "Panic")])
def test_what_is_no_exception_is_a_failure_too(executor: Executor, call: str, error: str) -> None:
    outcome = outcome_of(executor, task(call))
    assert (outcome.state, outcome.error_class) == ("failed", error)


@pytest.mark.parametrize("call", ["chores:no_such_function", "no_such_module:work"])
def test_a_call_that_does_not_exist_is_a_failure(executor: Executor, call: str) -> None:
    outcome = outcome_of(executor, Task("lost", call))
    assert outcome.state == "failed"
    assert call.strip("chores:") in outcome.message or "no_such" in outcome.message


def test_a_transient_error_is_tried_again_after_a_growing_pause(executor: Executor, tmp_path: Path) -> None:
    began = time.monotonic()
    outcome = outcome_of(executor, task("busy_until", str(tmp_path / "log"), 3, retries=5, backoff_s=0.1))
    assert (outcome.state, outcome.value, outcome.attempts) == ("done", 3, 3)
    assert time.monotonic() - began >= 0.1 + 0.2


def test_retries_end_even_without_a_pause(executor: Executor, tmp_path: Path) -> None:
    outcome = outcome_of(executor, task("busy_until", str(tmp_path / "log"), 99, retries=2, backoff_s=0))
    assert (outcome.state, outcome.attempts, outcome.message) == ("failed", 3, "the vendor says 503")


def test_what_was_not_begun_when_cancelled_has_an_outcome_that_says_so(executor: Executor) -> None:
    executor.submit(task("double", 1))
    executor.cancel()
    executor.submit(task("double", 2))
    assert [(o.state, o.message) for o in executor.outcomes()] == [
        ("cancelled", "double: cancelled before it began")
    ] * 2


def test_what_a_stage_prints_does_not_reach_stdout(
    executor: Executor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome_of(executor, task("chatter")).state == "done"
    assert capsys.readouterr().out == ""


def test_ctrl_c_lets_running_tasks_finish_and_loses_no_outcome(executor: Executor) -> None:
    executor.submit(task("ctrl_c"))
    executor.submit(task("double", 4))
    executor.submit(task("double", 5))
    seen: list[Outcome] = []
    with pytest.raises(KeyboardInterrupt):
        seen.extend(executor.outcomes())
    executor.cancel()
    seen += executor.outcomes()
    assert {o.value for o in seen if o.key == "ctrl_c"} == {"finished"}
    assert len(seen) == 3
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_while_an_outcome_is_dealt_with_waits_until_the_next_is_asked_for(executor: Executor) -> None:
    executor.submit(task("double", 4))
    executor.submit(task("double", 5))
    dealt_with = []

    def deal_with(outcome: Outcome) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        dealt_with.append(outcome)

    with pytest.raises(KeyboardInterrupt):
        list(map(deal_with, executor.outcomes()))
    executor.cancel()
    assert len(dealt_with) + len(list(executor.outcomes())) == 2


# --- what the pool promises besides


def test_a_death_costs_one_task_and_names_the_signal(pool: Pool) -> None:
    for number in range(10):
        pool.submit(task("double", number, key=str(number)))
    pool.submit(task("die"))
    by_key = {o.key: o for o in pool.outcomes()}
    assert by_key["die"].message == "die: its worker was killed by SIGKILL (out of memory?)"
    assert by_key["die"].error_class == "WorkerDied"
    assert sum(o.state == "done" for o in by_key.values()) == 10


def test_a_segfault_is_told_as_one(pool: Pool) -> None:
    assert outcome_of(pool, task("crash")).message == "crash: its worker was killed by SIGSEGV"


def test_a_death_is_retried_as_often_as_the_task_allows(pool: Pool, tmp_path: Path) -> None:
    outcome = outcome_of(pool, task("die_until", str(tmp_path / "log"), 3, retries=2, backoff_s=0.01))
    assert (outcome.state, outcome.value, outcome.attempts) == ("done", 3, 3)
    assert outcome_of(pool, task("die", retries=1, backoff_s=0.01)).attempts == 2


def test_a_worker_that_dies_with_nothing_to_do_costs_nothing(pool: Pool) -> None:
    for _ in range(5):
        os.kill(outcome_of(pool, task("pid")).value, signal.SIGKILL)
        assert outcome_of(pool, task("double", 1)).state == "done"


def test_a_hang_is_killed_when_its_time_is_over(pool: Pool) -> None:
    pool.submit(task("nap", 60, timeout_s=0.6))
    pool.submit(task("double", 2))
    by_key = {o.key: o for o in pool.outcomes()}
    assert by_key["nap"].error_class == "TimedOut"
    assert by_key["nap"].message.startswith("nap: expected to end within 0.6 s, was killed after")
    assert by_key["double"].state == "done"


def test_of_25_tasks_a_kill_an_error_and_a_hang_cost_three(pool: Pool) -> None:
    bad = {
        3: task("die", key="3"),
        9: task("refuse", "no", key="9"),
        14: task("nap", 60, key="14", timeout_s=0.5),
    }
    for number in range(25):
        pool.submit(bad.get(number) or task("double", number, key=str(number)))
    ended = {int(o.key): o for o in pool.outcomes()}
    assert {number for number, o in ended.items() if o.state == "failed"} == set(bad)
    assert {number: o.value for number, o in ended.items() if o.state == "done"} == {
        n: n * 2 for n in range(25) if n not in bad
    }


def test_the_second_cancel_kills_what_runs(pool: Pool) -> None:
    pool.submit(task("nap", 60))
    pool.submit(task("double", 1))
    began, states = time.monotonic(), {}
    for outcome in pool.outcomes():
        states[outcome.key] = outcome.message if outcome.key == "nap" else outcome.state
        pool.cancel()
        pool.cancel()
    assert states == {"double": "done", "nap": "nap: killed while it ran"}
    assert time.monotonic() - began < 10


def test_results_and_arguments_may_be_larger_than_a_pipe_holds(pool: Pool) -> None:
    assert len(outcome_of(pool, task("bytes_of", 30_000_000)).value) == 30_000_000
    assert outcome_of(pool, task("length", b"x" * 30_000_000)).value == 30_000_000


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (task("unpicklable"), "expected a result that can be pickled, found function"),
        (task("stubborn"), "made nowhere else"),
        (task("length", lambda: None), "lambda"),
    ],
)
def test_what_cannot_travel_is_that_tasks_failure(pool: Pool, given: Task, words: str) -> None:
    pool.submit(task("double", 1))
    pool.submit(given)
    by_key = {o.key: o for o in pool.outcomes()}
    assert by_key[given.key].state == "failed"
    assert words in by_key[given.key].message
    assert by_key["double"].state == "done"


def test_tasks_run_together_as_far_as_their_memory_fits(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Pool(3, memory_gb=4) as pool:
        for number, memory_gb in enumerate([2, 2, 2, 9, 2]):
            pool.submit(task("spread", str(log), 0.15, key=str(number), memory_gb=memory_gb))
        assert [o.state for o in pool.outcomes()] == ["done"] * 5
    together, most = 0, 0
    for word in log.read_text().split():
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


def test_a_worker_leaves_interrupts_to_the_coordinator(pool: Pool) -> None:
    assert outcome_of(pool, task("interrupt_handler")).value is True


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


def test_no_worker_outlives_a_coordinator_that_was_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", COORDINATOR, str(tmp_path), *filter(None, sys.path)]
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
