"""What keeps a run within bounds: its patience, its time, and the only steps it may take."""

from dataclasses import dataclass

from lakeflow.step import StepKey

TRIES = 3  # an input replaced while it was read is read again, this often


@dataclass(frozen=True)
class Limits:
    """How long to wait for another run's lock, when to stop starting steps, and which steps alone to take."""

    wait: float = 3600.0
    deadline: float | None = None
    only: frozenset[StepKey] | None = None
