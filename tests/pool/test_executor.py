"""What every executor promises: each task has one outcome, and that tells the truth."""

import os
import signal
import time
from pathlib import Path

import pytest
from chores import outcome_of, task

from lakeflow.executor import Executor, Outcome, Task


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
    assert "no_such" in outcome.message


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
