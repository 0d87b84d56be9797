"""Rows in any order, sorted without all of them in memory: what is too much waits in sorted files, which are merged."""

import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import polars as pl
import pyarrow as pa

from lakeflow.vendors.polymarket.merging import Key, Keys, Stream, merged

ROOM = 64 << 20  # bytes of rows that are sorted at a time
BATCH = 1 << 18  # bytes of each sorted file that are held while all are merged


class Sorting:
    """Rows by an order of columns; the first `known` of them, which are never null, are what files are merged by.

    Files lie where the system keeps temporary ones (TMPDIR) and are gone when this is closed.
    """

    def __init__(self, order: Sequence[str], known: int, room: int = ROOM) -> None:
        self._order = list(order)
        self._by = self._order[:known]
        self._room = room
        self._held: list[pl.DataFrame] = []
        self._bytes = 0
        self._runs: list[tuple[Key, Path]] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what was taken, and of the files."""
        self._held.clear()
        if self._folder is not None:
            self._folder.cleanup()

    def add(self, rows: pl.DataFrame) -> None:
        """Take rows; more than there is room for go to a file."""
        if not rows.height:
            return
        self._held.append(rows)
        self._bytes += int(rows.estimated_size())
        if self._bytes > self._room:
            self._put_away()

    def rows(self) -> Iterator[pl.DataFrame]:
        """All rows that were taken, sorted, in parts: rows that are equal in what they are merged by are in one part."""
        if not self._runs:
            if self._held:
                yield self._taken()
            return
        if self._held:
            self._put_away()
        at_once = max(1, self._room // (2 * BATCH * len(self._runs)))
        streams = [Stream(first, partial(read, path, at_once)) for first, path in self._runs]
        for part in merged(streams, self._by):
            yield sorted_by(part, self._order)

    def _taken(self) -> pl.DataFrame:
        rows = pl.concat(self._held, rechunk=True)
        self._held, self._bytes = [], 0  # before they are sorted, so that they are not there three times
        return sorted_by([rows], self._order)

    def _put_away(self) -> None:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="lakeflow-")
        rows = self._taken()
        path = Path(self._folder.name) / str(len(self._runs))
        write(path, rows)
        self._runs.append((Keys(rows, self._by)[0], path))


def sorted_by(parts: Sequence[pl.DataFrame], order: Sequence[str]) -> pl.DataFrame:
    """Rows by all of the order's columns, nulls last. What came sorted is left alone; what came by all but the first is sorted by that alone."""
    rows = pl.concat(parts) if len(parts) > 1 else parts[0]
    if rises(rows, order):
        return rows
    rows = rows.rechunk()  # of one chunk, rows are taken in a third of the time
    first = rows[order[0]].to_physical()
    if first.dtype.is_integer() and not first.null_count():
        by_first = rows[np.argsort(narrow(first.to_numpy()), kind="stable")]
        if rises(by_first, order):
            return by_first
    return rows.sort(order, nulls_last=True)


def narrow(values: np.ndarray) -> np.ndarray:
    """Numbers of two bytes where they are so few: those are sorted in a tenth of the time."""
    return (
        values.astype(np.uint16) if values.size and values.min() >= 0 and values.max() < 1 << 16 else values
    )


def rises(rows: pl.DataFrame, order: Sequence[str]) -> bool:
    """Whether no row comes before the one above it; not known where the order has nulls."""
    if rows.height < 2:
        return True
    above, below = rows.head(rows.height - 1), rows.slice(1)
    if (above[order[0]] < below[order[0]]).fill_null(value=False).all():
        return True
    if any(rows[name].null_count() for name in order):
        return False
    is_same = pl.Series([True]).new_from_index(0, above.height)
    for name in order:  # rows that are in no order are mostly so by the first column
        if (is_same & (above[name] > below[name])).any():
            return False
        is_same &= above[name] == below[name]
    return True


def write(path: Path, rows: pl.DataFrame) -> None:
    """Rows to a file that is read from its beginning, a batch at a time."""
    table = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
    step = max(1, BATCH * rows.height // max(1, int(rows.estimated_size())))
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema) as out:
        for begin, end in pairwise([*range(0, rows.height, step), rows.height]):
            out.write_table(table.slice(begin, end - begin), max_chunksize=step)


def read(path: Path, at_once: int) -> Iterator[pl.DataFrame]:
    """The rows of a file, some batches at a time."""
    with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as batches:
        while some := list(islice(batches, at_once)):
            yield pl.DataFrame(pl.from_arrow(pa.Table.from_batches(some)))
