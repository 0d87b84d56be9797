"""The shards of a day as bronze rows: fetches, frames, rows of the archive in the order of what happened, and what was refused.

A shard whose lines ascend in time is read beside the others as the day goes on, a piece at a time. Lines of any other are sorted first.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.about import is_note
from lakeflow.vendors.polymarket.bare import CAPTURE, FETCH
from lakeflow.vendors.polymarket.delivery import ARCHIVE, Head, head
from lakeflow.vendors.polymarket.lines import PIECE
from lakeflow.vendors.polymarket.merging import Stream, merged
from lakeflow.vendors.polymarket.pieces import first_of, first_of_hour, hour, lines_of, of_day, shard
from lakeflow.vendors.polymarket.sorting import ROOM, Sorting, sorted_by

TABLES = {FETCH: "fetches", CAPTURE: "frames", ARCHIVE: "archived"}
ORDER = {
    "fetches": ("ts_observed", "capture_id", "url", "params", "page_no", "payload_sha256", "cursor_in"),
    "frames": ("ts_recv", "capture_id", "conn_id", "frame_seq", "frame"),
    "archived": ("ts_recv", "market", "asset_id", "place", "row_sha256", "file"),
}  # fmt: skip
KNOWN = {"fetches": 6, "frames": 4, "archived": 1}  # columns of the order in which there is no null
TOLD = {
    "fetches": "url",
    "frames": "frame",
    "archived": "row_sha256",
}  # what quarantine says of a row that bronze has
TEXT = {"fetches": "payload", "frames": "frame"}  # what the vendor sent
EVER = -(2**63)  # before every time


class Reading(NamedTuple):
    """How a day is read: until when, what takes the faults, and bytes of a piece and of what is sorted at a time."""

    as_of: datetime | None
    refused: Sorting
    piece: int
    room: int

    def kept(self, rows: pl.DataFrame, about: Head, table: str) -> pl.DataFrame:
        """What had been observed by the instant, and on the day that its shard says."""
        when = ORDER[table][0]
        seen = rows if self.as_of is None else rows.filter(pl.col(when) <= self.as_of)
        is_there = seen.select(of_day(about, when)).to_series()
        if is_there.all():
            return seen
        self.refuse(faults.quarantine(list(astray(seen.filter(~is_there), about, table))))
        return seen.filter(is_there)

    def refuse(self, rows: pl.DataFrame) -> None:
        """Take faults; of what tells no time it is not known whether it came later."""
        when = pl.col("ts_observed")
        seen = rows if self.as_of is None else rows.filter(when.is_null() | (when <= self.as_of))
        self.refused.add(faults.timed(seen))


def day_rows(
    files: Sequence[Path], as_of: datetime | None, piece: int = PIECE, room: int = ROOM
) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of a day by table, some at a time, whichever shards they came in; then the faults."""
    heads = [(path, head(path)) for path in files if not is_note(path)]
    with Sorting(faults.ORDER, len(faults.ORDER), room) as refused:
        reading = Reading(as_of, refused, piece, room)
        for kind, table in TABLES.items():
            if of_kind := [(path, about) for path, about in heads if about.kind == kind]:
                yield from table_rows(table, of_kind, reading)
        yield "quarantine", faults.quarantine([])
        for rows in refused.rows():
            yield "quarantine", rows.drop("at")


def table_rows(
    table: str, shards: Sequence[tuple[Path, Head]], reading: Reading
) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of a table, each once, numbered as they stand."""
    count, order = 0, ORDER[table]
    with Sorting(order, KNOWN[table], reading.room) as spool:
        for part in gathered(merged(streams(table, shards, reading, spool), order[:1]), reading.piece):
            rows = sorted_by(part, order)
            is_repeat = rows.select(repeated(order)).to_series()  # equal rows stand beside one another
            once = rows
            if is_repeat.any():
                reading.refuse(repeats(table, rows.filter(is_repeat), order))
                once = rows.filter(~is_repeat)
            yield table, once.with_row_index("row", count).with_columns(pl.col("row").cast(pl.Int64))
            count += once.height
    if not count:
        path, about = shards[0]
        none = next(hour(path)) if about.kind == ARCHIVE else lines_of(b"", about).rows
        yield table, none.clear().with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))


def streams(
    table: str, shards: Sequence[tuple[Path, Head]], reading: Reading, spool: Sorting
) -> list[Stream]:
    """Each shard that ascends, each hour of the archive, and all others sorted together."""
    if table == "archived":
        return [Stream((first_of_hour(path),), partial(hour_by_time, path, reading)) for path, _ in shards]
    found: list[Stream] = []
    for path, about in shards:
        first = first_of(path, about, reading.piece)
        rows = partial(shard_rows, path, about, reading)
        if first is not None:
            found.append(Stream((first,), rows))
            continue
        for some in rows():
            spool.add(some)
    return [*found, Stream((EVER,), spool.rows)]


def shard_rows(path: Path, about: Head, reading: Reading) -> Iterator[pl.DataFrame]:
    """The rows of a shard, those of a piece in their order; its faults are refused."""
    table = TABLES[about.kind]
    for found in shard(path, about, reading.piece):
        if found.faults:
            reading.refuse(faults.quarantine(found.faults))
        yield sorted_by([reading.kept(found.rows, about, table)], ORDER[table])


def hour_by_time(path: Path, reading: Reading) -> Iterator[pl.DataFrame]:
    """The rows of an hour of the archive, which is published market by market."""
    about = head(path)
    with Sorting(ORDER["archived"], KNOWN["archived"], reading.room) as spool:
        for rows in hour(path):
            spool.add(reading.kept(rows, about, "archived"))
        yield from spool.rows()


def gathered(parts: Iterable[list[pl.DataFrame]], size: int) -> Iterator[list[pl.DataFrame]]:
    """Parts put together until they are of some size."""
    held: list[pl.DataFrame] = []
    for part in parts:
        held += part
        if sum(rows.estimated_size() for rows in held) >= size:
            yield held
            held = []
    if held:
        yield held


def repeated(order: Sequence[str]) -> pl.Expr:
    """Whether a row is the one before it once more."""
    said = [name for name in order if name != "file"]  # the same row in a file of another name is there twice
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in said)
    return same & (pl.int_range(pl.len()) > 0)


def repeats(table: str, again: pl.DataFrame, order: Sequence[str]) -> pl.DataFrame:
    """Rows that were delivered more than once as faults, each time but the first."""
    return again.select(
        meant_for=pl.lit(table),
        reason=pl.lit(faults.REPEATED),
        detail=pl.lit("delivered twice"),
        ts_observed=order[0],
        capture_id=pl.col("capture_id") if table != "archived" else pl.lit("pmxt"),
        place=pl.lit(""),
        payload=pl.col(TOLD[table]).fill_null(""),
    )


def astray(rows: pl.DataFrame, about: Head, table: str) -> Iterator[faults.Fault]:
    """Rows of another day than their shard says."""
    why = f"in a shard of {about.day}"
    told = rows.select(pl.col(ORDER[table][0]).dt.epoch("ns"), TEXT[table])
    for observed, said in told.iter_rows():
        place = faults.by_text(said)
        yield faults.Fault(table, faults.OTHER_DAY, why, observed, about.capture, place, said)
