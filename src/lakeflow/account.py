"""A run's lines in the ledger and in its event file: what was planned, how each step ended, what the lake holds now."""

import json
import os
import secrets
import socket
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lakeflow.events import append_event
from lakeflow.executor import Outcome
from lakeflow.job import Made
from lakeflow.ledger import Ledger
from lakeflow.ledger_tables import Entry, RunRow, StepRow, VerdictRow
from lakeflow.partition import Partition
from lakeflow.redaction import redact
from lakeflow.step import Step
from lakeflow.summary import Done, Summary

LIBRARIES = ("lakeflow", "polars", "pyarrow", "numpy", "numba", "duckdb", "databento")


class Account:
    """Everything that one run writes down; the ledger is its, the events are for whoever follows along."""

    def __init__(self, ledger: Ledger, command: str, argv: Sequence[str]) -> None:
        # The random end keeps two runs apart when the clock stands still or goes backwards.
        self.run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
        self._ledger = ledger
        self._command = command
        self._argv = redact(argv)
        self._events = ledger.path.parent / "runs" / self.run_id / "events.jsonl"
        self._input_bytes: dict[str, int] = {}

    def begin(self, steps: Sequence[Step]) -> None:
        """Write the run down with its resolved list of steps, so that it can be resumed with its own dates."""
        plan = [[*step.key, step.action, step.reason] for step in steps]
        row = RunRow(self.run_id, self._command, json.dumps(self._argv), json.dumps(plan), now(), None, "running", None,
                     socket.gethostname(), os.getpid(), git_sha(Path.cwd()), json.dumps(versions() if steps else {}))  # fmt: skip
        self._ledger.put_run(row)
        self._tell("run", command=self._command, argv=self._argv, steps=len(steps))

    def bury(self, is_over: Callable[[str], bool]) -> None:
        """Write down the end of runs that were killed before they could."""
        for run_id in self._ledger.running():
            if is_over(run_id):
                self._ledger.end_run(run_id, now(), "killed", 137)

    def started(self, key: str, input_bytes: int) -> None:
        self._input_bytes[key] = input_bytes
        self._tell("started", step=key, input_bytes=input_bytes)

    def committed(
        self, done: Done, made: Made, entries: list[Entry], gone: list[Partition], outcome: Outcome
    ) -> None:
        """A step that was made and is in the lake: its entries, verdicts and row, in one transaction."""
        counts = made.counts
        row = self._row(done, outcome)._replace(
            rows_in=counts.read, rejects=json.dumps(counts.rejected), flagged=json.dumps(counts.flagged)
        )
        verdicts = [
            VerdictRow(
                *s.partition, s.manifest.content, s.manifest.rules_digest, json.dumps(s.warnings), self.run_id
            )
            for s in made.staged
            if s.warnings
        ]
        self._ledger.commit(row, entries, gone, verdicts)
        self._tell_step(done)

    def validated(self, done: Done, checked: dict[Partition, list[str]], entries: dict[Partition, Entry], rules: dict[str, str],
                  outcome: Outcome) -> None:  # fmt: skip
        """A step that was only checked again, by today's rules."""
        verdicts = [
            VerdictRow(*p, entries[p].content, rules[p.dataset], json.dumps(warnings), self.run_id)
            for p, warnings in checked.items()
        ]
        self._ledger.commit(self._row(done, outcome), [], [], verdicts)
        self._tell_step(done)

    def removed(self, done: Done, gone: list[Partition]) -> None:
        """A step whose partitions were taken out of the lake."""
        self._ledger.commit(self._row(done, None), [], gone, [])
        self._tell_step(done)

    def ended(self, done: Done, outcome: Outcome | None = None) -> None:
        """A step that changed nothing in the lake: unchanged, skipped or failed."""
        self._ledger.put_step(self._row(done, outcome))
        self._tell_step(done)

    def doubt(self, partitions: list[Partition]) -> None:
        """Partitions of which some are not what was committed: whoever looks at them next reads them whole."""
        self._ledger.doubt(partitions)

    def finish(self, summary: Summary) -> None:
        status = "interrupted" if summary.interrupted else "failed" if summary.code else "done"
        self._ledger.end_run(self.run_id, now(), status, summary.code)
        self._tell("ended", status=status, exit_code=summary.code)

    def _row(self, done: Done, outcome: Outcome | None) -> StepRow:
        return StepRow(
            self.run_id, *done.key, done.action, done.state, done.reason,
            attempts=outcome.attempts if outcome else 1, rows=done.rows, bytes=done.bytes,
            input_bytes=self._input_bytes.pop(str(done.key), 0), seconds=done.seconds,
            rss_peak=outcome.rss_peak_bytes if outcome else 0, error_class=done.error_class, error=done.error,
            traceback=(outcome.traceback or "") if outcome else "", ended=now(),
        )  # fmt: skip

    def _tell_step(self, done: Done) -> None:
        self._tell(done.state, step=str(done.key), reason=done.reason, rows=done.rows, rejected=done.rejected,
                   bytes=done.bytes, seconds=round(done.seconds, 3), error=done.error)  # fmt: skip

    def _tell(self, event: str, **about: object) -> None:
        append_event(self._events, {"at": now(), "run": self.run_id, "event": event, **about})


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@cache
def versions() -> dict[str, str]:
    """The versions of what a run's numbers stand on."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


@cache
def git_sha(folder: Path) -> str:
    """The commit of the project's checkout; empty where there is none."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip()
