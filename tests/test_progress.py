"""How far a run is and how long it still takes, on paper, on a terminal and in a log."""

import io
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from lakeflow.eta import Pace, Running, Seen, expected_seconds, paces_now, seconds_left
from lakeflow.live import Picture
from lakeflow.progress import Progress


class Clock:
    """A clock that a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def progress(
    said: list[str], clock: Clock, workers: int | None = None, **paces: tuple[float, float]
) -> Progress:
    return Progress(paces, live=False, say=said.append, workers=workers, clock=clock)


def drawn(of: Progress) -> list[str]:
    console = Console(file=io.StringIO(), width=100, record=True)
    console.print(Picture(of.tally))
    return [line.rstrip() for line in console.export_text().splitlines()]


def test_what_waits_is_shared_among_the_workers():
    assert seconds_left({"a": 10}, [], {"a": Pace(6)}, workers=3) == 20


def test_no_worker_makes_a_step_shorter():
    assert seconds_left({"a": 1}, [], {"a": Pace(6)}, workers=8) == 6
    assert seconds_left({}, [Running("a", 0, 1.0)], {"a": Pace(6)}, workers=8) == 5


def test_a_running_step_is_weighed_by_its_bytes_and_never_owes_less_than_nothing():
    paces = {"a": Pace(10, 1000)}
    assert seconds_left({}, [Running("a", 3000, 6.0)], paces, 1) == 24
    assert seconds_left({}, [Running("a", 100, 6.0)], paces, 1) == 0
    assert expected_seconds(paces["a"], 10**9) == 200


def test_a_stage_never_seen_takes_what_the_others_do():
    assert seconds_left({"new": 2}, [], {"a": Pace(1), "b": Pace(3)}, 1) == 4


def test_nothing_known_is_no_estimate():
    assert seconds_left({"a": 1}, [], {}, 1) is None


def test_a_run_slower_than_the_ledger_remembers_moves_the_pace():
    seen = Seen()
    for _ in range(3):
        seen.add(20, 100)
    assert paces_now({"a": Pace(10, 100)}, {"a": seen, "b": Seen(2, 8.0, 40)}) == {
        "a": Pace(15, 100),
        "b": Pace(4, 20),
    }


@given(st.dictionaries(st.sampled_from("abc"), st.integers(0, 50)), st.integers(1, 16), st.floats(0.1, 100))
def test_more_workers_never_take_longer_and_one_takes_the_sum(pending, workers, seconds):
    paces = {"a": Pace(seconds)}
    alone = seconds_left(pending, [], paces, 1)
    assert alone == pytest.approx(sum(pending.values()) * seconds)
    assert seconds_left(pending, [], paces, workers) <= alone


def test_each_finished_step_is_a_line_with_the_time_and_what_is_left():
    said, clock = [], Clock()
    p = progress(said, clock, s=(10.0, 0.0))
    with p:
        p.add([("s A", "s"), ("s B", "s"), ("s C", "s")])
        p.start("s A", "s", 0)
        clock.now += 10
        p.finish("s A", "made s A")
        p.finish("s B", "skipped s B")
    assert [re.sub(r"^\d\d:\d\d:\d\dZ ", "", line) for line in said] == [
        "made s A [1 of 3, 20.0s left]", "skipped s B [2 of 3, 10.0s left]"]  # fmt: skip
    assert re.match(r"\d\d:\d\d:\d\dZ ", said[0])


def test_steps_that_a_later_plan_adds_are_counted_once():
    said = []
    p = progress(said, Clock())
    p.add([("a", "s")])
    p.add([("a", "s"), ("b", "s")])
    p.finish("a", "x")
    p.finish("never planned", "y")
    assert said[0].endswith("[1 of 2]")
    assert p.tally.total == 2


def test_a_step_tried_again_is_no_other_step():
    said, clock = [], Clock()
    p = progress(said, clock, s=(10.0, 0.0))
    p.add([("a", "s")])
    p.start("a", "s", 0)
    clock.now += 4
    p.start("a", "s", 0)
    assert p.tally.seconds_left() == 10
    p.finish("a", "made")
    assert said[0].endswith("made [1 of 1]")


def test_as_many_workers_are_assumed_as_were_seen_at_once():
    p = progress([], Clock(), s=(10.0, 0.0))
    p.add([(str(n), "s") for n in range(8)])
    p.start("0", "s", 0)
    p.start("1", "s", 0)
    assert p.tally.seconds_left() == 40


def test_the_picture_has_one_bar_and_a_line_for_each_running_step_oldest_first():
    clock = Clock()
    p = progress([], clock, s=(60.0, 0.0))
    p.add([("s ESH6 2026-01-06", "s"), ("s NQH6 2026-01-06", "s")])
    p.start("s NQH6 2026-01-06", "s", 3 * 2**20)
    clock.now += 5
    p.start("s ESH6 2026-01-06", "s", 0)
    clock.now += 1
    bar, first, second = drawn(p)
    assert bar.endswith("0 of 2, 59.0s left")
    assert first.split() == ["s", "NQH6", "2026-01-06", "6.0s", "3.0", "MiB", "in"]
    assert second.split() == ["s", "ESH6", "2026-01-06", "1.0s"]


def test_the_picture_of_a_wide_machine_fits_a_terminal():
    p = progress([], Clock())
    for n in range(64):
        p.start(f"step {n}", "s", 0)
    lines = drawn(p)
    assert len(lines) == 14
    assert lines[-1].strip() == "and 52 more"


def test_a_key_with_brackets_is_drawn_as_it_is():
    p = progress([], Clock())
    p.start("s [red]A/B[/red] 2026-01-06", "s", 0)
    assert "s [red]A/B[/red] 2026-01-06" in drawn(p)[1]


def test_what_is_said_on_a_terminal_stands_above_the_picture_and_the_picture_goes(monkeypatch):
    screen = io.StringIO()
    p = Progress({}, live=True, say=lambda text: sys.stderr.write(text + "\n"))
    with Picture(p.tally).shown(Console(file=screen, force_terminal=True, width=80)):
        p.add([("a", "s"), ("b", "s")])
        p.finish("a", "made a")
    assert "made a\n" in screen.getvalue()
    assert "1 of 2" in screen.getvalue()


def test_a_run_that_fails_leaves_the_terminal_as_it_was(capsys):
    before = sys.stderr
    with pytest.raises(ZeroDivisionError), Progress({}, live=True, say=lambda _: None):
        raise ZeroDivisionError
    assert sys.stderr is before
