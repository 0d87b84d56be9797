"""How partitions become visible: one rename each; several of one step behind a write-ahead intent that rolls forward."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from lakeflow.errors import LakeflowError


@dataclass(frozen=True)
class Move:
    """A staged file and where it goes, both below the lake root, and what it holds."""

    staged: str
    target: str
    content: str


@dataclass(frozen=True)
class Intent:
    """Everything one step changes in the lake."""

    step: str  # the name of the lock that its run holds
    moves: tuple[Move, ...]
    removed: tuple[str, ...] = ()


class Committer:
    """The only thing that changes a table folder. Each method is one named step of a commit."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._intents = root / ".lakeflow" / "intents"

    def commit(self, intent: Intent) -> None:
        """Make a step's partitions visible. One file needs one rename; a group is written down first."""
        self._make_folders(intent.moves)
        if len(intent.moves) == 1 and not intent.removed:
            self._move(intent.moves[0])
            return
        written = self._write_intent(intent)
        self._carry_out(intent)
        self._close_intent(written)

    def recover(self, is_abandoned: Callable[[str], bool], holds: Callable[[Path, str], bool]) -> list[str]:
        """Roll forward every group whose run died half way; the names of their steps.

        `is_abandoned` says whether a step's lock is free; `holds` whether a file has a content.
        """
        recovered = []
        for path in sorted(self._intents.glob("*")) if self._intents.is_dir() else ():
            if path.suffix != ".json":
                path.unlink(missing_ok=True)  # never finished being written, so nothing of it was begun
                continue
            intent = read_intent(path)
            if is_abandoned(intent.step):
                self._roll_forward(intent, holds)
                self._close_intent(path)
                recovered.append(intent.step)
        return recovered

    def _roll_forward(self, intent: Intent, holds: Callable[[Path, str], bool]) -> None:
        lost = [
            move.target
            for move in intent.moves
            if not (self._root / move.staged).exists() and not holds(self._root / move.target, move.content)
        ]
        if lost:
            raise LakeflowError(
                f"{self._root}: the commit of {intent.step} was cut off, and its staged files are gone: expected "
                f"{', '.join(lost)}; remove .lakeflow/intents and run again with --overwrite"
            )
        self._make_folders(intent.moves)
        self._carry_out(intent)

    def _carry_out(self, intent: Intent) -> None:
        for move in intent.moves:
            self._move(move)
        for target in intent.removed:
            self._remove(target)

    def _make_folders(self, moves: Sequence[Move]) -> None:
        for move in moves:
            made = [p for p in (self._root / move.target).parents if p != self._root and not p.exists()]
            (self._root / move.target).parent.mkdir(parents=True, exist_ok=True)
            for folder in made:
                sync_folder(folder.parent)

    def _write_intent(self, intent: Intent) -> Path:
        self._intents.mkdir(parents=True, exist_ok=True)
        path = (
            self._intents / f"{hashlib.sha256(intent.step.encode()).hexdigest()[:32]}.json"
        )  # one step, one lock, one intent
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("w", encoding="utf-8") as file:
            json.dump(asdict(intent), file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync_folder(self._intents)
        return path

    def _move(self, move: Move) -> None:
        staged, target = self._root / move.staged, self._root / move.target
        with suppress(FileNotFoundError):  # already moved, when a cut-off commit is rolled forward
            staged.replace(target)
        sync_folder(target.parent)

    def _remove(self, target: str) -> None:
        path = self._root / target
        path.unlink(missing_ok=True)
        with suppress(OSError):  # something else lies in the folder: it is not ours to remove
            path.parent.rmdir()
            sync_folder(path.parent.parent)

    def _close_intent(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        sync_folder(self._intents)


def read_intent(path: Path) -> Intent:
    given = json.loads(path.read_text(encoding="utf-8"))
    return Intent(given["step"], tuple(Move(**move) for move in given["moves"]), tuple(given["removed"]))


def sync_folder(path: Path) -> None:
    """See a folder's names safe on the disk: a rename is durable only then."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
