"""Streams of sorted rows as one sorted stream: of each, only what the others have not caught up with is held."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import polars as pl

Key = tuple[Any, ...]


class Stream(NamedTuple):
    """Rows that ascend by the columns which are merged by: a bound of the first key, and how to begin to read them."""

    first: Key
    read: Callable[[], Iterator[pl.DataFrame]]


class Keys:
    """The keys of rows, one at a time, instants as their numbers; none may be null."""

    def __init__(self, rows: pl.DataFrame, by: Sequence[str], start: int = 0) -> None:
        self._rows, self._by = rows, by
        self._columns = [rows[name].to_physical() for name in by]
        self._start = start

    def __len__(self) -> int:
        return self._rows.height - self._start

    def __getitem__(self, place: int) -> Key:
        return tuple(column[self._start + place] for column in self._columns)

    def after(self, count: int) -> "Keys":
        """The keys but for some at their beginning."""
        return Keys(self._rows, self._by, self._start + count)


class Held(NamedTuple):
    """Rows of a stream that wait for others which may come before them."""

    stream: int
    rows: pl.DataFrame
    keys: Keys


class Reading(NamedTuple):
    """A stream that has begun, by its place among all, and the last key that was read of it."""

    last: Key
    stream: int
    rows: Iterator[pl.DataFrame]


def merged(streams: Sequence[Stream], by: Sequence[str]) -> Iterator[list[pl.DataFrame]]:
    """All rows below a key that no stream goes below any more, part by part: rows of equal keys are always in one part.

    The parts ascend; within one, rows stand stream by stream in the order of the streams. A stream is begun at its first key.
    """
    waiting = sorted(enumerate(streams), key=lambda each: each[1].first, reverse=True)
    reading: list[Reading] = []
    held: list[Held] = []
    while waiting or reading:
        while waiting and (not reading or waiting[-1][1].first <= min(each.last for each in reading)):
            place, stream = waiting.pop()
            reading.append(Reading(stream.first, place, stream.read()))
        nearest = min(reading, key=lambda each: each[:2])
        reading.remove(nearest)
        if (more := next(nearest.rows, None)) is not None:
            if more.height:
                held.append(Held(nearest.stream, more, Keys(more, by)))
                nearest = nearest._replace(last=held[-1].keys[more.height - 1])
            reading.append(nearest)
        floors = [each.last for each in reading] + [stream.first for _, stream in waiting[-1:]]
        ready, held = parted(held, min(floors, default=None))
        if ready:
            yield [rows for _, rows in sorted(ready, key=lambda each: each[0])]


def parted(held: Sequence[Held], floor: Key | None) -> tuple[list[tuple[int, pl.DataFrame]], list[Held]]:
    """The rows below a key with their streams, and those that are not; without a key, all are."""
    ready: list[tuple[int, pl.DataFrame]] = []
    left: list[Held] = []
    for each in held:
        size = len(each.keys)
        count = size if floor is None else bisect_left(each.keys, floor)
        if count:
            ready.append((each.stream, each.rows.head(count)))
        if count < size:
            left.append(Held(each.stream, each.rows.slice(count), each.keys.after(count)) if count else each)
    return ready, left
