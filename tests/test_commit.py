"""A group of partitions is committed whole: what a dead run left is finished by whoever may, and nobody else's is touched."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakeflow.commit import Committer, Intent, Move
from lakeflow.lake import Lake
from lakeflow.step import StepKey

STEP = StepKey("bronze.toy.split", "A", "2026-01-06")
GROUP = {"A1": "one", "A2": "two"}


class Killed(Exception):
    """Stands for SIGKILL where the test goes on to look."""


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    made = Lake(tmp_path, "r1")
    made.open()
    yield made
    made.close()


def target(symbol: str) -> str:
    return f"bronze/product_type=toy/symbol={symbol}/table=lines/dt=2026-01-06/part-0.parquet"


def drafted(lake: Lake, texts: dict[str, str], *removed: str) -> Intent:
    folder = lake.folder(STEP)
    folder.mkdir(parents=True, exist_ok=True)
    for symbol, text in texts.items():
        (folder / f"{symbol}.inprogress").write_text(text)
    staged = folder.relative_to(lake.root)
    moves = tuple(Move(f"{staged}/{s}.inprogress", target(s), "content") for s in texts)
    return Intent(str(STEP), moves, tuple(map(target, removed)))


def committer(lake: Lake) -> Committer:
    return Committer(lake.root, lake.root / ".lakeflow/staging" / lake.run_id)


def cut_off(lake: Lake, intent: Intent, after: int) -> None:
    """Commit, and die after so many moves."""

    class Mortal(Committer):
        moved = 0

        def _move(self, move: Move) -> None:
            if self.moved == after:
                raise Killed
            super()._move(move)
            self.moved += 1

    with pytest.raises(Killed):
        Mortal(lake.root, lake.root / ".lakeflow/staging" / lake.run_id).commit(intent)


def visible(root: Path) -> dict[str, str]:
    files = root.rglob("part-0.parquet")
    return {file.parts[-4].removeprefix("symbol="): file.read_text() for file in files}


def left(root: Path) -> list[str]:
    """Files among the lake's internals that no run needs any more."""
    return [str(p.relative_to(root)) for p in (root / ".lakeflow").rglob("*") if p.is_file()]


def opened_and_closed(root: Path, run_id: str) -> list[str]:
    lake = Lake(root, run_id)
    recovered = lake.open()
    lake.close()
    return recovered


def test_a_group_is_moved_and_what_it_no_longer_makes_is_removed_with_its_folder(lake):
    committer(lake).commit(drafted(lake, {"A1": "old", "A9": "old"}))
    committer(lake).commit(drafted(lake, GROUP, "A9"))
    assert visible(lake.root) == GROUP
    assert not (lake.root / target("A9")).parent.exists()


def test_what_somebody_else_laid_beside_a_removed_partition_stays(lake):
    committer(lake).commit(drafted(lake, {"A9": "old"}))
    note = (lake.root / target("A9")).with_name("note.txt")
    note.write_text("mine")
    committer(lake).commit(drafted(lake, {}, "A9"))
    assert list(note.parent.iterdir()) == [note]


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_the_next_start_finishes_a_group_that_was_cut_off(tmp_path, moved):
    first = Lake(tmp_path, "r1")
    first.open()
    committer(first).commit(drafted(first, {"A9": "old"}))
    if moved < 2:
        cut_off(first, drafted(first, GROUP, "A9"), after=moved)
    else:
        committer(first).commit(drafted(first, GROUP, "A9"))
    first._alive.release()  # as the kernel does for a run that died
    assert opened_and_closed(tmp_path, "r2") == ([str(STEP)] if moved < 2 else [])
    assert visible(tmp_path) == GROUP
    assert left(tmp_path) == []


def test_a_start_leaves_alone_what_a_living_run_is_writing_and_committing(lake):
    lock = lake.lock(str(STEP))
    lock.acquire()
    cut_off(lake, drafted(lake, GROUP), after=1)
    half_written = lake.root / ".lakeflow/staging/r1/intent"
    half_written.write_text("{")
    assert opened_and_closed(lake.root, "r2") == []
    assert half_written.exists()
    assert (lake.folder(STEP) / "A2.inprogress").exists()
    lock.release()


def test_drafts_that_a_cut_off_commit_needs_outlive_their_run_until_the_step_is_free(tmp_path):
    dead, other = Lake(tmp_path, "dead"), Lake(tmp_path, "other")
    dead.open()
    cut_off(dead, drafted(dead, GROUP), after=1)
    dead._alive.release()
    with other.lock(str(STEP)):  # it was waiting for the step when its holder died
        assert opened_and_closed(tmp_path, "r3") == []
        assert other.abandoned_drafts() == []
        assert visible(tmp_path) == {"A1": "one"}
        other.finish(STEP)
    assert visible(tmp_path) == GROUP
    assert opened_and_closed(tmp_path, "r4") == []
    assert left(tmp_path) == []


def test_a_commit_that_was_finished_by_another_is_not_done_again_over_a_newer_one(lake):
    cut_off(lake, drafted(lake, {"A1": "old", "A2": "old"}, "A3"), after=0)
    lake.finish(STEP)
    committer(lake).commit(drafted(lake, {**GROUP, "A3": "three"}))
    lake.finish(STEP)
    assert opened_and_closed(lake.root, "r2") == []
    assert visible(lake.root) == {**GROUP, "A3": "three"}


def test_drafts_that_somebody_removed_do_not_stop_the_lake(lake):
    cut_off(lake, drafted(lake, GROUP), after=1)
    (lake.folder(STEP) / "A2.inprogress").unlink()
    assert opened_and_closed(lake.root, "r2") == [str(STEP)]
    assert visible(lake.root) == {"A1": "one"}  # the plan finds A2 missing


def test_an_intent_says_all_that_a_step_changes(lake):
    intent = drafted(lake, GROUP, "A9")
    cut_off(lake, intent, after=0)
    (file,) = (lake.root / ".lakeflow/intents").iterdir()
    assert json.loads(file.read_text())["removed"] == [target("A9")]
    assert committer(lake).begun() == [intent]
