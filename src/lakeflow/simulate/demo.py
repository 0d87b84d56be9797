"""The demo's deliveries: two futures over three days in which trading rolls, three days of a prediction market, and a damaged copy."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from lakeflow.simulate.day import write_day
from lakeflow.simulate.polymarket import recorders
from lakeflow.simulate.polymarket.truth import venue

PARENTS = ("ES", "NQ")
DAYS = (
    date(2026, 3, 11),
    date(2026, 3, 12),
    date(2026, 3, 13),
)  # the 13th is the first session about the next contract
EVENTS = 20_000
SEED = 7
VENUE_FIRST = date(2026, 1, 5)
VENUE_DAYS, VENUE_WALKS = 3, 48  # the fewest that have 30 independent questions at three horizons


def deliver(folder: Path) -> list[Path]:
    """Write every file of the demo; their paths, those of the venue in a folder of its own."""
    return [*deliver_futures(folder), *deliver_venue(folder / "polymarket")]


def deliver_venue(
    folder: Path,
    first: date = VENUE_FIRST,
    days: int = VENUE_DAYS,
    walks: int = VENUE_WALKS,
    seed: int = SEED,
) -> list[Path]:
    """Write days of a prediction market as its recorders kept them: answers that were fetched, messages that were heard."""
    made = venue(first, days, walks, seed)
    return [
        path for day in range(days) for path in recorders.write_day(folder, made, first + timedelta(days=day))
    ]


def deliver_futures(
    folder: Path,
    parents: Sequence[str] = PARENTS,
    days: Sequence[date] = DAYS,
    events: int = EVENTS,
    seed: int = SEED,
) -> list[Path]:
    """Write days of futures, a folder a parent as the vendor delivers a job; their paths."""
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
