"""How steps and runs end, and who wants to hear of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from lakeflow.executor import Outcome
from lakeflow.step import Missing, Step, StepKey


@dataclass(frozen=True)
class Done:
    """How one step ended."""

    key: StepKey
    action: str
    state: str  # committed | unchanged | validated | removed | failed | skipped
    reason: str
    seconds: float = 0.0
    rows: int = 0
    rejected: int = 0
    bytes: int = 0
    error_class: str = ""
    error: str = ""
    code: int = 0


@dataclass
class Summary:
    """How a run ended: what it did, what failed, what it left alone."""

    run_id: str
    done: list[Done] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    current: int = 0
    recovered: list[str] = field(default_factory=list)
    interrupted: bool = False
    out_of_time: bool = False

    def in_state(self, *states: str) -> list[Done]:
        return [d for d in self.done if d.state in states]

    @property
    def code(self) -> int:
        """The exit code: 130 interrupted; 4 or 75 when every failure is of that kind, else 3."""
        if self.interrupted:
            return 130
        codes = {d.code for d in self.in_state("failed")}
        if not codes:
            return 0
        return codes.pop() if len(codes) == 1 and codes <= {4, 75} else 3


class Listener(Protocol):
    """Whoever wants to know how a run goes while it goes."""

    def planned(self, steps: Iterable[Step]) -> None: ...

    def started(self, key: StepKey, input_bytes: int) -> None: ...

    def finished(self, done: Done) -> None: ...

    def say(self, text: str) -> None: ...


class Silence:
    """A listener for those who read the summary."""

    def planned(self, steps: Iterable[Step]) -> None:
        """Nobody asks."""

    def started(self, key: StepKey, input_bytes: int) -> None:
        """Nobody asks."""

    def finished(self, done: Done) -> None:
        """Nobody asks."""

    def say(self, text: str) -> None:
        """Nobody asks."""


def failure(step: Step, cause: Exception | Outcome, seconds: float) -> Done:
    """A failed step, with the exit code that its error asks for."""
    if isinstance(cause, Outcome):
        name = (cause.error_class or "").rpartition(".")[2]
        said, code = cause.message or "", {"ContractBroken": 4, "NotOurs": 4}.get(name, 3)
    else:
        name = type(cause).__name__
        said, code = str(cause) or name, getattr(cause, "code", 3)
    return Done(
        step.key, step.action, "failed", step.reason, seconds, error_class=name, error=said, code=code
    )
