"""The demo's deliveries: two parents over three days in which trading rolls to the next contract, and a damaged copy of a file."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from lakeflow.simulate.day import write_day

PARENTS = ("ES", "NQ")
DAYS = (
    date(2026, 3, 11),
    date(2026, 3, 12),
    date(2026, 3, 13),
)  # the 13th is the first session about the next contract
EVENTS = 20_000
SEED = 7


def deliver(
    folder: Path,
    parents: Sequence[str] = PARENTS,
    days: Sequence[date] = DAYS,
    events: int = EVENTS,
    seed: int = SEED,
) -> list[Path]:
    """Write every file of the demo, a folder a parent as the vendor delivers a job; their paths."""
    return [
        path
        for parent in parents
        for day in days
        for path in write_day(folder / parent, parent, day, events=events, seed=seed, hazards="roll")
    ]


def damage(path: Path, into: Path | None = None) -> Path:
    """A copy of a file, cut in the middle as a broken download is; beside it under `damaged/` unless said otherwise."""
    folder = path.parent / "damaged" if into is None else into
    folder.mkdir(parents=True, exist_ok=True)
    content = path.read_bytes()
    cut = folder / path.name
    cut.write_bytes(content[: len(content) // 2])
    return cut
