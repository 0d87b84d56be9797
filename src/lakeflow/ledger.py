"""The ledger: runs, steps, and an index of the lake, in one SQLite file that can be rebuilt from the lake."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from lakeflow.ledger_file import connect, trouble
from lakeflow.ledger_tables import Entry, RunRow, StepRow, VerdictRow
from lakeflow.partition import Partition

ENTRY = ", ".join(Entry._fields)
RECENT_STEPS = 20_000  # enough for a median, and as quick in a ledger of millions


class Ledger:
    """One connection; any number of processes may have one, and each write is one short transaction."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db = connection
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """The ledger at a path, made when absent; in a lake that cannot be written, what is there is read."""
        return cls(connect(path), path)

    @property
    def is_writable(self) -> bool:
        return not self._db.execute("PRAGMA query_only").fetchone()[0]

    def close(self) -> None:
        self._db.close()

    def entries(self, dataset: str) -> list[Entry]:
        """Every partition of a dataset that the ledger knows."""
        found = self._read(f"SELECT {ENTRY} FROM partitions WHERE dataset = ?", dataset)  # noqa: S608  our own names
        return list(map(Entry._make, found))

    def put_entries(self, entries: Iterable[Entry], run_id: str = "") -> None:
        """Remember partitions; a lake that cannot be written is looked at without remembering."""
        if self.is_writable:
            with self.writing() as db:
                insert(db, "partitions", [(*entry, run_id) for entry in entries])

    def doubt(self, partitions: Iterable[Partition]) -> None:
        """Forget when files were written, so that they are read whole, as those that were written into are."""
        if self.is_writable:
            with self.writing() as db:
                where = "UPDATE partitions SET mtime_ns = 0 WHERE dataset = ? AND symbol = ? AND dt = ?"
                db.executemany(where, [tuple(each) for each in partitions])

    def drop_entries(self, partitions: Iterable[Partition]) -> None:
        if self.is_writable:
            with self.writing() as db:
                drop(db, partitions)

    def commit(
        self,
        step: StepRow,
        entries: Sequence[Entry],
        gone: Sequence[Partition],
        verdicts: Sequence[VerdictRow],
    ) -> None:
        """A step's end and what it changed in the lake, in one transaction."""
        with self.writing() as db:
            insert(db, "steps", [step])
            drop(db, gone)
            insert(db, "partitions", [(*entry, step.run_id) for entry in entries])
            insert(db, "verdicts", verdicts)

    def put_step(self, step: StepRow) -> None:
        with self.writing() as db:
            insert(db, "steps", [step])

    def put_run(self, run: RunRow) -> None:
        with self.writing() as db:
            insert(db, "runs", [run])

    def running(self) -> list[str]:
        """The runs that have not said that they ended."""
        return [run_id for (run_id,) in self._read("SELECT run_id FROM runs WHERE status = 'running'")]

    def end_run(self, run_id: str, ended: str, status: str, code: int) -> None:
        with self.writing() as db:
            statement = "UPDATE runs SET ended = ?, status = ?, exit_code = ? WHERE run_id = ?"
            db.execute(statement, (ended, status, code, run_id))

    def raw_hash(self, path: str) -> str | None:
        """A raw file's sha256 when it was delivered, or when a plan last saw that it was another."""
        return next(
            (str(found) for (found,) in self._read("SELECT sha256 FROM raw_files WHERE path = ?", path)), None
        )

    def raw_hashes(self) -> dict[str, tuple[int, int, int, str]]:
        """Every raw file that was hashed: its size, time and inode then, and its sha256."""
        return {
            path: (size, mtime, inode, found)
            for path, size, mtime, inode, found in self._read("SELECT * FROM raw_files")
        }

    def put_raw_hashes(self, rows: Iterable[tuple[str, int, int, int, str]]) -> None:
        if self.is_writable:
            with self.writing() as db:
                insert(db, "raw_files", rows)

    def verdicts(self) -> set[tuple[str, str, str, str, str]]:
        """Every partition that was checked again and found good: dataset, symbol, dt, content, rules digest."""
        return set(self._read("SELECT dataset, symbol, dt, content, rules_digest FROM verdicts"))

    def warnings(self) -> list[tuple[str, str, str, str]]:
        """What the checks of partitions in the lake warn of: dataset, symbol, dt, warnings as JSON."""
        query = (
            "SELECT v.dataset, v.symbol, v.dt, v.warnings FROM verdicts v JOIN partitions p "
            "USING (dataset, symbol, dt, content) WHERE v.warnings <> '[]'"
        )
        return self._read(query)

    def of_other_schema(self, dataset: str, schema_digest: str) -> int:
        """How many partitions of a dataset were written under another schema than this one."""
        query = "SELECT count(*) FROM partitions WHERE dataset = ? AND schema_digest <> ?"
        return int(self._read(query, dataset, schema_digest)[0][0])

    def runs(self, limit: int = 20) -> list[RunRow]:
        """The last runs, newest first."""
        found = self._read("SELECT * FROM runs ORDER BY run_id DESC LIMIT ?", limit)
        return list(map(RunRow._make, found))

    def run(self, run_id: str) -> RunRow | None:
        found = self._read("SELECT * FROM runs WHERE run_id = ?", run_id)
        return next(map(RunRow._make, found), None)

    def steps(self, run_id: str) -> list[StepRow]:
        found = self._read("SELECT * FROM steps WHERE run_id = ? ORDER BY rowid", run_id)
        return list(map(StepRow._make, found))

    def failed_steps(self) -> list[StepRow]:
        """The steps whose last attempt failed."""
        query = (
            "SELECT * FROM steps AS it WHERE state = 'failed' AND NOT EXISTS (SELECT 1 FROM steps AS later WHERE "
            "later.stage = it.stage AND later.symbol = it.symbol AND later.dt = it.dt "
            "AND later.rowid > it.rowid AND later.state <> 'skipped') ORDER BY it.rowid"
        )
        return list(map(StepRow._make, self._read(query)))

    def paces(self) -> dict[str, tuple[float, float]]:
        """The median seconds of each stage's last steps and their mean input bytes, to estimate what is left."""
        query = (
            "SELECT stage, seconds, input_bytes FROM steps WHERE state = 'committed' "
            "AND rowid > (SELECT MAX(rowid) FROM steps) - ? ORDER BY stage, seconds"
        )
        by_stage: dict[str, list[tuple[float, float]]] = {}
        for stage, seconds, size in self._read(query, RECENT_STEPS):
            by_stage.setdefault(stage, []).append((seconds, size))
        return {stage: pace(rows) for stage, rows in by_stage.items()}

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, written for good when the block ends."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise trouble(self.path, error) from error
            raise

    def _read(self, query: str, *values: object) -> list[Any]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise trouble(self.path, error) from error


def pace(rows: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Of rows in the order of their seconds."""
    return rows[len(rows) // 2][0], sum(size for _, size in rows) / len(rows)


def insert(db: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    given = list(rows)
    if given:
        marks = ", ".join("?" * len(given[0]))
        db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", given)  # noqa: S608  our own names


def drop(db: sqlite3.Connection, partitions: Iterable[Partition]) -> None:
    statement = "DELETE FROM partitions WHERE dataset = ? AND symbol = ? AND dt = ?"
    db.executemany(statement, [tuple(each) for each in partitions])
