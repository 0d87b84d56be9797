"""The ledger: runs, steps, and an index of the lake, in one SQLite file that can be rebuilt from the lake."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lakeflow.errors import ConfigError, LakeflowError
from lakeflow.ledger_tables import SCHEMA, VERSION, Entry, RunRow, StepRow, VerdictRow
from lakeflow.partition import Partition

ENTRY = ", ".join(Entry._fields)
BUSY_S = 60.0


class Ledger:
    """One connection; any number of processes may have one, and each write is one short transaction."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db = connection
        self.path = path

    @classmethod
    def open(cls, path: Path) -> "Ledger":
        """The ledger at a path, made when absent; in a lake that cannot be written, what is there is read."""
        try:
            writable = prepare_folder(path)
            db = connect(path) if writable else connect_read_only(path)
            return cls(db, path)
        except sqlite3.DatabaseError as error:
            raise LakeflowError(
                f"{path}: expected a ledger, found {error}; the lake is whole without it: "
                "run `lakeflow doctor --rebuild-ledger`"
            ) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, written for good when the block ends."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise LakeflowError(f"{self.path}: the ledger cannot be written: {error}") from error
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def entries(self, dataset: str) -> list[Entry]:
        """Every partition of a dataset that the ledger knows."""
        found = self._db.execute(f"SELECT {ENTRY} FROM partitions WHERE dataset = ?", (dataset,))  # noqa: S608  our own names
        return list(map(Entry._make, found))

    def put_entries(self, entries: Iterable[Entry], run_id: str = "") -> None:
        """Remember partitions; a lake that cannot be written is looked at without remembering."""
        if self.is_writable:
            with self.writing() as db:
                insert(db, "partitions", [(*e, run_id) for e in entries])

    def drop_entries(self, partitions: Iterable[Partition]) -> None:
        if self.is_writable:
            with self.writing() as db:
                drop(db, partitions)

    def commit(self, step: StepRow, entries: Sequence[Entry], gone: Sequence[Partition], verdicts: Sequence[VerdictRow]) -> None:
        """A step's end and what it changed in the lake, in one transaction."""
        with self.writing() as db:
            insert(db, "steps", [step])
            insert(db, "partitions", [(*e, step.run_id) for e in entries])
            insert(db, "verdicts", verdicts)
            drop(db, gone)

    def put_step(self, step: StepRow) -> None:
        with self.writing() as db:
            insert(db, "steps", [step])

    def put_run(self, run: RunRow) -> None:
        with self.writing() as db:
            insert(db, "runs", [run])

    def end_run(self, run_id: str, ended: str, status: str, code: int) -> None:
        with self.writing() as db:
            db.execute("UPDATE runs SET ended = ?, status = ?, exit_code = ? WHERE run_id = ?", (ended, status, code, run_id))

    def raw_hash(self, path: str, size: int, mtime_ns: int, inode: int) -> str | None:
        """A raw file's sha256, if it is the file that was hashed."""
        found = self._db.execute(
            "SELECT sha256 FROM raw_files WHERE path = ? AND size = ? AND mtime_ns = ? AND inode = ?",
            (path, size, mtime_ns, inode),
        ).fetchone()
        return None if found is None else str(found[0])

    def put_raw_hashes(self, rows: Iterable[tuple[str, int, int, int, str]]) -> None:
        if self.is_writable:
            with self.writing() as db:
                insert(db, "raw_files", rows)

    def verdicts(self) -> set[tuple[str, str, str, str, str]]:
        """Every partition that was checked again and found good: dataset, symbol, dt, content, rules digest."""
        return set(self._db.execute("SELECT dataset, symbol, dt, content, rules_digest FROM verdicts"))

    def warnings(self) -> list[tuple[str, str, str, str]]:
        """What the checks of partitions in the lake warn of: dataset, symbol, dt, warnings as JSON."""
        query = (
            "SELECT v.dataset, v.symbol, v.dt, v.warnings FROM verdicts v JOIN partitions p "
            "USING (dataset, symbol, dt, content) WHERE v.warnings <> '[]'"
        )
        return list(self._db.execute(query))

    def runs(self, limit: int = 20) -> list[RunRow]:
        """The last runs, newest first."""
        return list(map(RunRow._make, self._db.execute("SELECT * FROM runs ORDER BY run_id DESC LIMIT ?", (limit,))))

    def run(self, run_id: str) -> RunRow | None:
        found = self._db.execute("SELECT * FROM runs WHERE run_id = ?", (run_id,)).fetchone()
        return None if found is None else RunRow._make(found)

    def steps(self, run_id: str) -> list[StepRow]:
        found = self._db.execute("SELECT * FROM steps WHERE run_id = ? ORDER BY rowid", (run_id,))
        return list(map(StepRow._make, found))

    def failed_steps(self) -> list[StepRow]:
        """The steps whose last attempt failed."""
        query = (
            "SELECT s.* FROM steps s JOIN (SELECT MAX(rowid) AS last FROM steps WHERE state <> 'skipped' "
            "GROUP BY stage, symbol, dt) l ON s.rowid = l.last WHERE s.state = 'failed'"
        )
        return list(map(StepRow._make, self._db.execute(query)))

    def paces(self) -> dict[str, tuple[float, float]]:
        """The median seconds of each stage's steps and their mean input bytes, for an estimate of what is left."""
        query = "SELECT stage, seconds, input_bytes FROM steps WHERE state = 'committed' ORDER BY stage, seconds"
        by_stage: dict[str, list[tuple[float, float]]] = {}
        for stage, seconds, size in self._db.execute(query):
            by_stage.setdefault(stage, []).append((seconds, size))
        return {s: (rows[len(rows) // 2][0], sum(size for _, size in rows) / len(rows)) for s, rows in by_stage.items()}

    @property
    def is_writable(self) -> bool:
        return not self._db.execute("PRAGMA query_only").fetchone()[0]

    def close(self) -> None:
        self._db.close()


def prepare_folder(path: Path) -> bool:
    """Whether the ledger can be written here, after making its folder where it can."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise ConfigError([f"{path}: expected a ledger of version {VERSION}, found {version}; use the newer lakeflow that wrote it"])
    if version < VERSION:
        create(db)
    return db


def connect_read_only(path: Path) -> sqlite3.Connection:
    """What can be read of the ledger; an empty one in memory when there is none."""
    if not path.exists():
        db = sqlite3.connect(":memory:", isolation_level=None)
        db.executescript(SCHEMA)
    else:
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    db.execute("PRAGMA query_only = 1")
    return db


def create(db: sqlite3.Connection) -> None:
    """The tables, once, whoever of several processes comes first; they are only an index, so old ones are made anew."""
    db.execute("BEGIN IMMEDIATE")
    if db.execute("PRAGMA user_version").fetchone()[0] < VERSION:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            db.execute(f"DROP TABLE {name}")
        for statement in filter(str.strip, SCHEMA.split(";")):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


def insert(db: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    given = list(rows)
    if given:
        marks = ", ".join("?" * len(given[0]))
        db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", given)  # noqa: S608  our own names


def drop(db: sqlite3.Connection, partitions: Iterable[Partition]) -> None:
    db.executemany("DELETE FROM partitions WHERE dataset = ? AND symbol = ? AND dt = ?", [tuple(p) for p in partitions])
