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
        self._committer = Committer(root)
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
        recovered = self._committer.recover(self.is_abandoned, holds)
        for staging in (self._internals / "staging").iterdir():
            if staging.name != self.run_id and self.is_abandoned(f"run {staging.name}"):
                shutil.rmtree(staging, ignore_errors=True)
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

    def is_abandoned(self, name: str) -> bool:
        lock = self.lock(name)
        try:
            lock.acquire(wait=False)
        except Locked:
            return False
        lock.release()
        return True


def holds(path: Path, content: str) -> bool:
    """Whether a partition's file is there with this content."""
    from lakeflow.manifest import manifest_at

    return path.exists() and manifest_at(path).content == content
