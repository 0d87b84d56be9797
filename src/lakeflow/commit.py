"""How partitions become visible: one rename each; several of one step behind a write-ahead intent that rolls forward."""

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path


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

    def __init__(self, root: Path, drafts: Path) -> None:
        self._root = root
        self._drafts = drafts  # this run's: an intent is written there, and seen when it is whole
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

    def begun(self) -> list[Intent]:
        """The groups that were begun and not ended, by runs that are at it and by runs that died."""
        found = []
        for path in sorted(self._intents.glob("*.json")):
            with suppress(FileNotFoundError):  # ended since the folder was listed
                found.append(read_intent(path))
        return found

    def finish(self, step: str) -> bool:
        """Roll a group forward that a dead run left half done; only for whoever holds the step's lock.

        A staged file that is gone was moved already. If it was lost, the next plan finds the group not whole.
        """
        path = self._path(step)
        if not path.exists():
            return False
        intent = read_intent(path)
        self._make_folders(intent.moves)
        self._carry_out(intent)
        self._close_intent(path)
        return True

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
        for folder in {(self._root / move.staged).parent for move in intent.moves}:
            sync_folder(folder)  # an intent must not outlive the names that it speaks of
        self._drafts.mkdir(parents=True, exist_ok=True)
        self._intents.mkdir(parents=True, exist_ok=True)
        path, unfinished = self._path(intent.step), self._drafts / "intent"
        with unfinished.open("w", encoding="utf-8") as file:
            json.dump(asdict(intent), file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync_folder(self._intents)
        return path

    def _path(self, step: str) -> Path:
        """One step, one lock, one intent."""
        return self._intents / f"{hashlib.sha256(step.encode()).hexdigest()[:32]}.json"

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
        sync_folder(next(folder for folder in path.parents if folder.exists()))

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
