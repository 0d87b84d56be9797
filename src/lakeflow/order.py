"""Whether rows ascend, and whether a set of columns names each row once: by neighbours, batch after batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lakeflow.contract import Column

# Not by pa.scalar or pa.array: at their first call pyarrow imports pandas where there is one, 40 MiB and half a second a worker.
NO, YES = pl.Series([False, True]).to_arrow()


@dataclass
class Tally:
    """How many rows broke a rule so far, and the first that did; `found` says what stood there."""

    count: int = 0
    first_row: int | None = None
    found: str = ""

    def add(self, bad: pa.Array, offset: int) -> int | None:
        """Counts the marked rows of a batch that starts at row `offset`; the first one's place if it is the first ever."""
        marked = pc.sum(bad).as_py() or 0
        is_first = bool(marked) and self.first_row is None
        self.count += marked
        if not is_first:
            return None
        place: int = pc.index(bad, YES).as_py()
        self.first_row = offset + place
        return place


@dataclass
class Neighbours:
    """What comparing each row with the one before it tells of a table that should ascend by some columns.

    `equal[k]` counts rows equal to the one before in the first k + 1 columns, where nulls name no row.
    """

    falls: Tally = field(default_factory=Tally)
    equal: list[Tally] = field(default_factory=list)


def compare_neighbours(batches: Iterable[pa.RecordBatch], columns: Sequence[Column]) -> Neighbours:
    """Nulls come first, an enum ascends as its symbols are listed, text as its UTF-8 bytes."""
    seen = Neighbours(equal=[Tally() for _ in columns])
    offset, last = 0, None
    for batch in batches:
        if batch.num_rows == 0:
            continue
        arrays = [_comparable(batch.column(c.name), c) for c in columns]
        # The last row of the batch before stands in front, so that borders are compared like any other row.
        joined = (
            arrays if last is None else [pa.concat_arrays(pair) for pair in zip(last, arrays, strict=True)]
        )
        _compare(joined, columns, offset - (last is not None), seen)
        offset += batch.num_rows
        last = [each.slice(len(each) - 1) for each in arrays]
    return seen


def _compare(arrays: Sequence[pa.Array], columns: Sequence[Column], offset: int, seen: Neighbours) -> None:
    size = len(arrays[0])
    falls = pa.repeat(NO, size - 1)
    same = pa.repeat(YES, size - 1)
    names = same  # rows without a null: only they can be named twice
    for nth, (values, tally) in enumerate(zip(arrays, seen.equal, strict=True), start=1):
        before, after = values.slice(0, size - 1), values.slice(1)
        falls = pc.or_(falls, pc.and_(same, _is_fall(before, after)))
        same = pc.and_(same, _is_same(before, after))
        names = pc.and_(names, pc.is_valid(after)) if after.null_count else names
        place = tally.add(pc.and_(same, names), offset + 1)
        if place is not None:
            tally.found = _row(arrays[:nth], columns, place)
    place = seen.falls.add(falls, offset + 1)
    if place is not None:
        seen.falls.found = f"{_row(arrays, columns, place + 1)} after {_row(arrays, columns, place)}"


def _row(arrays: Sequence[pa.Array], columns: Sequence[Column], place: int) -> str:
    """One row as it would be typed; times as the integers that are stored."""
    values = (each[place].as_py() for each in arrays)
    named = (
        c.symbols[value] if c.symbols and value is not None else value
        for c, value in zip(columns, values, strict=False)
    )
    return str(tuple(named))


def _is_fall(before: pa.Array, after: pa.Array) -> pa.Array:
    fall = pc.less(after, before)
    if not fall.null_count:
        return fall
    return pc.fill_null(fall, pc.and_(pc.is_null(after), pc.is_valid(before)))


def _is_same(before: pa.Array, after: pa.Array) -> pa.Array:
    same = pc.equal(after, before)
    if not same.null_count:
        return same
    return pc.fill_null(same, pc.and_(pc.is_null(after), pc.is_null(before)))


def _comparable(values: pa.Array, column: Column) -> pa.Array:
    if column.symbols:
        places = [
            column.symbols.index(each) if each in column.symbols else None
            for each in values.dictionary.to_pylist()
        ]
        return pc.take(pl.Series(places, dtype=pl.Int32).to_arrow(), values.indices)
    return values.view(pa.int64()) if pa.types.is_timestamp(values.type) else values
