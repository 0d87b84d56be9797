"""A step: one call of a stage for one symbol and date, and what a plan found out about it."""

from dataclasses import dataclass
from typing import NamedTuple


class StepKey(NamedTuple):
    """The address of a step."""

    stage: str
    symbol: str
    dt: str

    def __str__(self) -> str:
        return f"{self.stage} {self.symbol} {self.dt}"


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done and why.

    `make`; `validate` when only the rules of its contract changed; `remove` when what it was made from is made no more;
    `later` when a fan-out must tell first what there is; `none`.
    """

    key: StepKey
    action: str
    reason: str = ""
    needs: tuple[StepKey, ...] = ()

    @property
    def is_current(self) -> bool:
        return self.action == "none"


class Missing(NamedTuple):
    """A step that cannot be: an input of it is neither in the lake nor to be made."""

    key: StepKey
    why: str
    is_failed: bool = False  # it, or what it lacks, failed in the run that plans

    def told(self) -> dict[str, object]:
        """For who asked: which step, and why."""
        return {"key": self.key, "why": self.why}
