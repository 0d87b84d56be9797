"""Our book against others on one processor and in one process: turn by turn, processor time, the median of the ratios.

A shared machine drifts by a third between one minute and the next, and both of a pair drift together.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from book_day import TICK, Records

from lakeflow.market.book import Replay

CHUNK, CHUNK_TEN = 8_192, 2_048  # as the documentation of Replay recommends, for the one in C too

Told = tuple[int, int]  # rows of the touch, rows of the depth
Run = Callable[[], float]  # seconds of processor time a record


def ours(records: Records, levels: int) -> Told:
    """The rows that a replay tells; the book and its queues are kept whole."""
    book, touch, depth = Replay(TICK, levels=levels), 0, 0
    chunk = CHUNK_TEN if levels else CHUNK
    for at in range(0, len(records), chunk):
        changes = book.apply(records[at : at + chunk])
        touch += len(changes.touch)
        depth += len(changes.depth)
    return touch, depth


def last_touch(records: Records) -> tuple[int, int]:
    """The best bid and ask that we end with."""
    book, best = Replay(TICK), (0, 0)
    for at in range(0, len(records), CHUNK):
        touch = book.apply(records[at : at + CHUNK]).touch
        best = (int(touch["bid_price"][-1]), int(touch["ask_price"][-1])) if len(touch) else best
    return best


def pace(run: Callable[[], object], records: int) -> float:
    began = time.process_time()
    run()
    return (time.process_time() - began) / records


@dataclass
class Race:
    """What each runner took in each turn."""

    taken: dict[str, list[float]] = field(default_factory=dict)

    def turn(self, runners: Mapping[str, Run]) -> None:
        """One run of each, one after the other."""
        for name, run in runners.items():
            self.taken.setdefault(name, []).append(run())

    def speed(self, name: str) -> float | None:
        """Millions of records a second in its best turn; None for one that did not run."""
        return 1e-6 / min(self.taken[name]) if name in self.taken else None

    def longer(self, slow: str, fast: str) -> float | None:
        """How many times longer the one takes than the other."""
        if slow not in self.taken or fast not in self.taken:
            return None
        pairs = zip(self.taken[slow], self.taken[fast], strict=True)
        return statistics.median(one / other for one, other in pairs)
