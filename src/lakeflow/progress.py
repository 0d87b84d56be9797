"""How far a run is: one bar and a line for each running step on a terminal, plain lines with the time elsewhere."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import NamedTuple, Self

from lakeflow.eta import Pace, Running, Seen, paces_now, seconds_left
from lakeflow.human import seconds_text


class Begun(NamedTuple):
    """A step on its way, since when by the run's clock."""

    stage: str
    bytes: int
    since: float


class Tally:
    """The steps of a run by how far they are; steps may be added at any time, and finish without having begun."""

    def __init__(
        self, paces: Mapping[str, tuple[float, float]], workers: int | None, clock: Callable[[], float]
    ) -> None:
        self.running: dict[str, Begun] = {}
        self.finished = 0
        self.total = 0
        self.began = clock()
        self._waiting: dict[str, str] = {}
        self._pending: Counter[str] = Counter()
        self._paces = {stage: Pace(*pace) for stage, pace in paces.items()}
        self._seen: dict[str, Seen] = {}
        self._workers = workers
        self._most_at_once = 1
        self._clock = clock

    def add(self, steps: Iterable[tuple[str, str]]) -> None:
        for key, stage in steps:
            if key not in self._waiting and key not in self.running:
                self._waiting[key] = stage
                self._pending[stage] += 1
                self.total += 1

    def start(self, key: str, stage: str, size: int) -> None:
        self.running[key] = Begun(stage, size, self._clock())
        self._most_at_once = max(self._most_at_once, len(self.running))
        self._no_longer_waits(key)

    def finish(self, key: str) -> None:
        begun = self.running.pop(key, None)
        if begun is not None:
            self._seen.setdefault(begun.stage, Seen()).add(self.elapsed(begun), begun.bytes)
        self._no_longer_waits(key)
        self.finished += 1
        self.total = max(self.total, self.finished + len(self.running))

    def elapsed(self, begun: Begun) -> float:
        return self._clock() - begun.since

    def seconds_left(self) -> float | None:
        """None until one step of the run, or of an earlier one, says how long a step takes.

        It counts over copies: the picture is drawn by a thread of its own while the run goes on.
        """
        running = [Running(b.stage, b.bytes, self.elapsed(b)) for b in list(self.running.values())]
        workers = self._workers or self._most_at_once
        return seconds_left(dict(self._pending), running, paces_now(self._paces, dict(self._seen)), workers)

    def _no_longer_waits(self, key: str) -> None:
        stage = self._waiting.pop(key, None)
        if stage is not None:
            self._pending[stage] -= 1


class Progress:
    """What a run tells of itself while it goes; `say` is for the lines that stay."""

    def __init__(
        self,
        paces: Mapping[str, tuple[float, float]],
        *,
        live: bool,
        say: Callable[[str], None],
        workers: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.tally = Tally(paces, workers, clock)
        self._live = live
        self._say = say
        self._open = ExitStack()

    def add(self, steps: Iterable[tuple[str, str]]) -> None:
        """Steps to be taken, each by its key and its stage."""
        self.tally.add(steps)

    def start(self, key: str, stage: str, input_bytes: int) -> None:
        self.tally.start(key, stage, input_bytes)

    def finish(self, key: str, text: str) -> None:
        """A step is done, whatever became of it; the text says what."""
        self.tally.finish(key)
        self._say(text if self._live else f"{datetime.now(UTC):%H:%M:%SZ} {text} [{position(self.tally)}]")

    def __enter__(self) -> Self:
        if self._live:
            from lakeflow.live import Picture

            self._open.enter_context(Picture(self.tally).shown())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)


def position(tally: Tally) -> str:
    """`3 of 40, 2m 10s left`."""
    left = tally.seconds_left() if tally.finished < tally.total else None
    return f"{tally.finished:,} of {tally.total:,}" + ("" if left is None else f", {seconds_text(left)} left")
