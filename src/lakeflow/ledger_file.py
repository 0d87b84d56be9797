"""The ledger's file: opened or made, for writing or only to be read, and what its errors mean to the user."""

import os
import sqlite3
import time
from pathlib import Path

from lakeflow.errors import ConfigError, LakeflowError, Locked
from lakeflow.ledger_tables import MIGRATIONS, VERSION

BUSY_S = 60.0
ADVICE = {
    sqlite3.SQLITE_CORRUPT: "the lake is whole without it: run `lakeflow doctor --rebuild-ledger`",
    sqlite3.SQLITE_NOTADB: "the lake is whole without it: run `lakeflow doctor --rebuild-ledger`",
    sqlite3.SQLITE_FULL: "free some space and run again",
    sqlite3.SQLITE_IOERR: "look at the disk, or free some space, and run again",
    sqlite3.SQLITE_READONLY: "run as a user who may write the lake",
    sqlite3.SQLITE_CANTOPEN: "run as a user who may read the lake's .lakeflow folder",
}


def connect(path: Path) -> sqlite3.Connection:
    """The ledger at a path, made when absent; in a lake that cannot be written, what is there to read."""
    try:
        return connect_writable(path) if can_write(path) else connect_read_only(path)
    except sqlite3.Error as error:
        raise trouble(path, error) from error


def trouble(path: Path, error: sqlite3.Error) -> LakeflowError:
    """What is wrong with the file, and what to do about it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest its details
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return Locked(
            f"{path}: another lakeflow has held the ledger for {BUSY_S:g} s; try again when it is done"
        )
    advice = ADVICE.get(code, "if it stays so, run `lakeflow doctor`")
    return LakeflowError(f"{path}: expected a ledger that can be read and written, found: {error}; {advice}")


def can_write(path: Path) -> bool:
    """Whether the ledger can be written here, after making its folder where it can."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def connect_writable(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        use_wal(db)
        db.execute("PRAGMA synchronous = FULL")
        if version_of(db, path) < VERSION:
            migrate(db, path)
    except BaseException:
        db.close()
        raise
    return db


def use_wal(db: sqlite3.Connection) -> None:
    """SQLite does not wait its turn for this one: several processes that make a ledger at once would fail."""
    end = time.monotonic() + BUSY_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring the tables to today's version, once, whoever of several processes comes first."""
    db.execute("BEGIN IMMEDIATE")
    for version, script in enumerate(MIGRATIONS[version_of(db, path) :], start=version_of(db, path) + 1):
        for statement in filter(str.strip, script.split(";")):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {version}")
    db.execute("COMMIT")


def version_of(db: sqlite3.Connection, path: Path) -> int:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        wanted = f"expected a ledger of version {VERSION} or older, found {version}"
        raise ConfigError([f"{path}: {wanted}; use the newer lakeflow that wrote it"])
    if version == 0 and db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
        raise ConfigError([f"{path}: expected a ledger, found another program's SQLite file; move it away"])
    return version


def connect_read_only(path: Path) -> sqlite3.Connection:
    """What can be read of the ledger; an empty one in memory when there is none, or it is older than these tables."""
    db = open_read_only(path) if path.exists() else sqlite3.connect(":memory:", isolation_level=None)
    try:
        if version_of(db, path) < VERSION:
            db.close()
            db = sqlite3.connect(":memory:", isolation_level=None)
            migrate(db, path)
        db.execute("PRAGMA query_only = 1")
    except BaseException:
        db.close()
        raise
    return db


def open_read_only(path: Path) -> sqlite3.Connection:
    """Beside a writer where that can be; else as a file that nobody changes: on a read-only disk nobody does."""
    try:
        return opened(path, "mode=ro")
    except sqlite3.OperationalError:
        return opened(path, "mode=ro&immutable=1")


def opened(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?{mode}"
    db = sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)
    try:
        db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    except BaseException:
        db.close()
        raise
    return db
