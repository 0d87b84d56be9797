"""What the pool promises besides: a death, a hang or what cannot travel costs the task it happened to."""

import os
import random
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from chores import outcome_of, task

from lakeflow.executor import Task
from lakeflow.pool import Pool


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


def disturbed(pool: Pool, chance: random.Random) -> dict[str, list[str]]:
    """How each of forty tasks ended, under a Ctrl-C at a random instant and workers killed at others."""
    ends: dict[str, list[str]] = {}

    def take_outcomes() -> None:
        for outcome in pool.outcomes():
            ends.setdefault(outcome.key, []).append(outcome.state)
            if outcome.state == "done" and chance.random() < 0.05:
                with suppress(ProcessLookupError):
                    os.kill(outcome.value, signal.SIGKILL)

    for number in range(40):
        pool.submit(task("pid", key=str(number), retries=9, backoff_s=0))
    try:
        threading.Timer(chance.uniform(0.0, 0.1), os.kill, (os.getpid(), signal.SIGINT)).start()
        take_outcomes()
        time.sleep(10)  # until the interrupt, if it has not come yet
    except KeyboardInterrupt:
        take_outcomes()
    return ends


@pytest.mark.parametrize("rounds", [10, pytest.param(300, marks=pytest.mark.soak)])
def test_interrupts_and_deaths_at_random_instants_lose_no_task(pool: Pool, rounds: int) -> None:
    chance = random.Random(rounds)
    for _ in range(rounds):
        assert disturbed(pool, chance) == {str(number): ["done"] for number in range(40)}
