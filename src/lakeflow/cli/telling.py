"""What a run shows while it goes, and its steps as rows."""

from collections.abc import Iterable
from types import TracebackType
from typing import Any

from lakeflow.cli.voice import Voice
from lakeflow.progress import Progress
from lakeflow.step import Step, StepKey
from lakeflow.summary import Done, Summary

WORDS = {
    "committed": "made",
    "unchanged": "same",
    "validated": "checked",
    "removed": "removed",
    "skipped": "skipped",
    "failed": "FAILED",
}


class Teller:
    """A run's listener: a bar and the running steps on a terminal, plain lines with the time elsewhere."""

    def __init__(self, voice: Voice, paces: dict[str, tuple[float, float]]) -> None:
        self._voice = voice
        self._progress = Progress(paces, live=voice.is_live, say=voice.say)

    def planned(self, steps: Iterable[Step]) -> None:
        self._progress.add([(str(step.key), step.key.stage) for step in steps if step.action != "later"])

    def started(self, key: StepKey, input_bytes: int) -> None:
        self._progress.start(str(key), key.stage, input_bytes)

    def finished(self, done: Done) -> None:
        self._progress.finish(str(done.key), line(done))

    def say(self, text: str) -> None:
        self._voice.say(text)

    def __enter__(self) -> None:
        self._progress.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.__exit__(kind, error, trace)


def line(done: Done) -> str:
    """One step's end in one line."""
    start = f"{WORDS[done.state]:<7} {done.key}"
    if done.state == "committed":
        rate = f", {done.rows / done.seconds:,.0f} rows/s" if done.seconds > 0.2 else ""
        refused = f", {done.rejected:,} rejected" if done.rejected else ""
        return f"{start}  {done.rows:,} rows{refused} in {done.seconds:.2f} s{rate} ({done.reason})"
    if done.state == "failed":
        return f"{start}  {done.error.splitlines()[0] if done.error else done.error_class}"
    return f"{start}  {done.reason}"


def plan_rows(steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [
        {"stage": s.key.stage, "symbol": s.key.symbol, "dt": s.key.dt, "action": s.action, "reason": s.reason}
        for s in steps
    ]


def made_rows(summary: Summary) -> list[dict[str, Any]]:
    return [
        {"stage": d.key.stage, "symbol": d.key.symbol, "dt": d.key.dt, "state": d.state, "rows": d.rows, "rejected": d.rejected,
         "bytes": d.bytes, "seconds": round(d.seconds, 3), "reason": d.reason}
        for d in summary.in_state("committed", "validated", "removed", "unchanged")
    ]  # fmt: skip


def stage_rows(summary: Summary) -> list[dict[str, Any]]:
    """A line a stage: how its steps ended, and what they made."""
    rows: dict[str, dict[str, Any]] = {}
    for d in summary.done:
        row = rows.setdefault(
            d.key.stage,
            {
                "stage": d.key.stage,
                **dict.fromkeys(WORDS.values(), 0),
                "rows": 0,
                "rejected": 0,
                "seconds": 0.0,
            },
        )
        row[WORDS[d.state]] += 1
        row["rows"] += d.rows
        row["rejected"] += d.rejected
        row["seconds"] = round(row["seconds"] + d.seconds, 2)
    return list(rows.values())


def failed_rows(summary: Summary) -> list[dict[str, Any]]:
    return [
        {
            "stage": d.key.stage,
            "symbol": d.key.symbol,
            "dt": d.key.dt,
            "state": d.state,
            "error": d.error or d.reason,
        }
        for d in summary.in_state("failed", "skipped")
    ]
