"""How long a run will still take: what earlier steps of each stage took, weighed by bytes where these are known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

TRUST = 3  # what the ledger knows counts as this many steps of the run itself
SMALLEST, LARGEST = (
    0.1,
    20.0,
)  # no input is so unlike the usual one that its time is beyond these times the median


class Pace(NamedTuple):
    """What a step of a stage takes: seconds, and the input bytes that go with them."""

    seconds: float
    bytes: float = 0.0


class Running(NamedTuple):
    """A step on its way; bytes of 0 are unknown."""

    stage: str
    bytes: int
    elapsed: float


@dataclass
class Seen:
    """The steps of one stage that this run finished, added up."""

    steps: int = 0
    seconds: float = 0.0
    bytes: float = 0.0

    def add(self, seconds: float, size: int) -> None:
        self.steps += 1
        self.seconds += seconds
        self.bytes += size


def paces_now(known: Mapping[str, Pace], seen: Mapping[str, Seen]) -> dict[str, Pace]:
    """The ledger's paces, moved towards what this run sees: today's machine may be another."""
    return {**known, **{stage: _blended(known.get(stage), run) for stage, run in seen.items() if run.steps}}


def expected_seconds(pace: Pace, size: int) -> float:
    """A step's seconds: the pace, by how its input compares with the usual one."""
    if size <= 0 or pace.bytes <= 0:
        return pace.seconds
    return pace.seconds * min(max(size / pace.bytes, SMALLEST), LARGEST)


def seconds_left(
    pending: Mapping[str, int], running: Iterable[Running], paces: Mapping[str, Pace], workers: int
) -> float | None:
    """What is left, shared among the workers, and at least the longest step on its way; None when nothing is known.

    `pending` counts the steps of each stage that nobody has begun. A stage never seen takes what the others do.
    """
    if not paces:
        return None
    usual = Pace(sum(pace.seconds for pace in paces.values()) / len(paces))
    rest = [max(0.0, expected_seconds(paces.get(r.stage, usual), r.bytes) - r.elapsed) for r in running]
    waiting = sum(count * paces.get(stage, usual).seconds for stage, count in pending.items())
    longest = max(
        [*rest, *(paces.get(stage, usual).seconds for stage, count in pending.items() if count)], default=0.0
    )
    return max(longest, (waiting + sum(rest)) / max(1, workers))


def _blended(known: Pace | None, run: Seen) -> Pace:
    if known is None:
        return Pace(run.seconds / run.steps, run.bytes / run.steps)
    weight = TRUST + run.steps
    return Pace((known.seconds * TRUST + run.seconds) / weight, (known.bytes * TRUST + run.bytes) / weight)
