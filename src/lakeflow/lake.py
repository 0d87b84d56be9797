"""The lake as a run changes it: recovery, staging, locks and commits, under one root."""

import shutil
from pathlib import Path

from lakeflow.commit import Committer, Intent, Move
from lakeflow.errors import LakeflowError, Locked
from lakeflow.job import Made
from lakeflow.ledger_tables import Entry
from lakeflow.locks import Lock
from lakeflow.partition import Partition, encode
from lakeflow.step import StepKey

INTERNALS = ".lakeflow"


class Lake:
    """One run's hold on the lake; only a coordinator has one."""

    def __init__(self, root: Path, run_id: str) -> None:
        self.root = root
        self.run_id = run_id
        self._internals = root / INTERNALS
        self._committer = Committer(root, self._internals / "staging" / run_id)
        self._alive = self.lock(f"run {run_id}")

    def open(self) -> list[str]:
        """Finish what a run that died had begun to commit, clear what it left; the steps rolled forward."""
        try:
            for folder in ("staging", "locks", "intents"):
                (self._internals / folder).mkdir(parents=True, exist_ok=True)
            self._alive.acquire(wait=False)
        except OSError as error:
            raise LakeflowError(
                f"{self.root}: expected a lake that can be written, found {error.strerror}"
            ) from error
        recovered = [intent.step for intent in self._committer.begun() if self._finish_abandoned(intent.step)]
        for drafts in self.abandoned_drafts():
            shutil.rmtree(drafts, ignore_errors=True)
        return recovered

    def close(self) -> None:
        shutil.rmtree(self._internals / "staging" / self.run_id, ignore_errors=True)
        self._alive.release()

    def lock(self, name: str) -> Lock:
        return Lock(self._internals / "locks", name, run=self.run_id)

    def folder(self, key: StepKey) -> Path:
        """Where the drafts of a step are written; on the lake's own file system, so that a rename suffices."""
        return self._internals / "staging" / self.run_id / encode(f"{key.stage}~{key.symbol}~{key.dt}")

    def commit(self, key: StepKey, made: Made, orphans: list[Partition]) -> list[Entry]:
        """Make a step's partitions visible, and remove what it no longer makes; their entries."""
        from lakeflow.manifest import entry_of

        moves = tuple(
            Move(str(s.path.relative_to(self.root)), s.partition.path, s.manifest.content)
            for s in made.staged
        )
        self._committer.commit(Intent(str(key), moves, tuple(p.path for p in orphans)))
        return [entry_of(self.root, staged.manifest) for staged in made.staged]

    def remove(self, key: StepKey, partitions: list[Partition]) -> None:
        """Take a step's partitions out of the lake, all of them whatever happens."""
        self._committer.commit(Intent(str(key), (), tuple(p.path for p in partitions)))

    def finish(self, key: StepKey) -> None:
        """Finish a step that a run had begun to commit when it died; for the run that holds the step now."""
        self._committer.finish(str(key))

    def abandoned_drafts(self) -> list[Path]:
        """The staging folders of runs that are over, except where a commit that was cut off still needs them."""
        folders = sorted((self._internals / "staging").glob("*"))
        over = [f for f in folders if self.is_over(f.name)]
        # Looked at only now: a run that is over writes no more intents.
        needed = {self.root / move.staged for intent in self._committer.begun() for move in intent.moves}
        return [folder for folder in over if not any(folder in staged.parents for staged in needed)]

    def is_over(self, run_id: str) -> bool:
        """Whether another run has ended, in order or not: a run that is alive holds its lock."""
        return run_id != self.run_id and self._is_free(f"run {run_id}")

    def _finish_abandoned(self, step: str) -> bool:
        lock = self.lock(step)
        try:
            lock.acquire(wait=False)
        except Locked:  # by the run that is at it, or by one that will finish it first
            return False
        with lock:
            return self._committer.finish(step)

    def _is_free(self, name: str) -> bool:
        lock = self.lock(name)
        try:
            lock.acquire(wait=False)
        except Locked:
            return False
        lock.release()
        return True
