"""The ledger's tables: their SQL, and a row of each as it travels."""

from typing import NamedTuple

# What brings a ledger from each version to the next. Ledgers in use stand at an older one: add a script, change none.
MIGRATIONS = (
    """
CREATE TABLE runs(
  run_id TEXT PRIMARY KEY, command TEXT, argv TEXT, plan TEXT, started TEXT, ended TEXT, status TEXT, exit_code INTEGER,
  host TEXT, pid INTEGER, git_sha TEXT, versions TEXT) WITHOUT ROWID;
CREATE TABLE steps(
  run_id TEXT, stage TEXT, symbol TEXT, dt TEXT, action TEXT, state TEXT, reason TEXT, attempts INTEGER, rows_in INTEGER,
  rows INTEGER, rejects TEXT, flagged TEXT, bytes INTEGER, input_bytes INTEGER, seconds REAL, rss_peak INTEGER,
  error_class TEXT, error TEXT, traceback TEXT, ended TEXT);
CREATE INDEX steps_by_key ON steps(stage, symbol, dt);
CREATE INDEX steps_by_run ON steps(run_id);
CREATE INDEX steps_that_failed ON steps(stage) WHERE state = 'failed';
CREATE TABLE partitions(
  dataset TEXT, symbol TEXT, dt TEXT, size INTEGER, mtime_ns INTEGER, inode INTEGER, recipe TEXT, content TEXT,
  schema_digest TEXT, rules_digest TEXT, rows INTEGER, stage TEXT, asked TEXT, siblings TEXT, run_id TEXT,
  PRIMARY KEY(dataset, symbol, dt)) WITHOUT ROWID;
CREATE TABLE verdicts(
  dataset TEXT, symbol TEXT, dt TEXT, content TEXT, rules_digest TEXT, warnings TEXT, run_id TEXT,
  PRIMARY KEY(dataset, symbol, dt, content, rules_digest)) WITHOUT ROWID;
CREATE TABLE raw_files(
  path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, inode INTEGER, sha256 TEXT) WITHOUT ROWID;
""",
)
VERSION = len(MIGRATIONS)


class Entry(NamedTuple):
    """What the ledger knows of one committed partition; its file's manifest says the same and more."""

    dataset: str
    symbol: str
    dt: str
    size: int
    mtime_ns: int
    inode: int
    recipe: str
    content: str
    schema_digest: str
    rules_digest: str
    rows: int
    stage: str
    asked: str
    siblings: str | None


class StepRow(NamedTuple):
    """How one step of one run ended."""

    run_id: str
    stage: str
    symbol: str
    dt: str
    action: str
    state: str
    reason: str = ""
    attempts: int = 1
    rows_in: int = 0
    rows: int = 0
    rejects: str = "{}"
    flagged: str = "{}"
    bytes: int = 0
    input_bytes: int = 0
    seconds: float = 0.0
    rss_peak: int = 0
    error_class: str = ""
    error: str = ""
    traceback: str = ""
    ended: str = ""


class VerdictRow(NamedTuple):
    """A partition that was checked by some rules and found good, with what it was warned of."""

    dataset: str
    symbol: str
    dt: str
    content: str
    rules_digest: str
    warnings: str = "[]"
    run_id: str = ""


class RunRow(NamedTuple):
    """One run."""

    run_id: str
    command: str
    argv: str
    plan: str
    started: str
    ended: str | None
    status: str
    exit_code: int | None
    host: str
    pid: int
    git_sha: str
    versions: str
