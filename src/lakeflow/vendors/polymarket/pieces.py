"""The lines of one shard as bronze rows, some at a time: every line in one of the tables, or among the faults."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from lakeflow.vendors.polymarket import faults, spanning
from lakeflow.vendors.polymarket.bare import CAPTURE, FETCH, bare
from lakeflow.vendors.polymarket.captured import captured
from lakeflow.vendors.polymarket.decoding import decoded
from lakeflow.vendors.polymarket.delivery import NEEDED, Head, broken, is_line, received
from lakeflow.vendors.polymarket.lines import PIECE, Piece, lines, pieces
from lakeflow.vendors.polymarket.streams import Ending
from lakeflow.vendors.polymarket.untouched import archived, fetches, frames

FETCHED = pl.Struct(
    {
        "observed_us": pl.Int64, "endpoint": pl.String, "url": pl.String, "params": pl.String, "sweep": pl.String,
        "page": pl.Int64, "cursor_in": pl.String, "cursor_out": pl.String, "status": pl.Int32, "ms": pl.Int64, "body": pl.String,
    }
)  # fmt: skip
FRAMED = pl.Struct({"recv_us": pl.Int64, "conn": pl.String, "seq": pl.Int64, "frame": pl.String})
MEANT = {FETCH: "fetches", CAPTURE: "frames"}
ARCHIVE_ROWS = 20_000  # at a time
LOOK = 1 << 18  # bytes of a shard that are looked through at a time: what fits beside a core
NEW_LINE = b"\n"


class Rows(NamedTuple):
    """What some lines hold: rows of one table, and faults; every line is in one of the two."""

    rows: pl.DataFrame
    faults: list[faults.Fault]


def first_of(path: Path, about: Head, size: int = PIECE) -> int | None:
    """The first time of a shard whose lines ascend in time, in nanoseconds; None of one of which that cannot be told."""
    key = NEEDED[about.kind][0]
    span = np.full(2, spanning.NOWHERE, np.int64)
    for piece in of_shard(path, about, min(size, LOOK)):
        if not spanning.ascends(np.frombuffer(piece.text, np.uint8), spanning.BEFORE[key], span):
            return None
    return int(span[spanning.FIRST]) * 1000 if span[spanning.FIRST] >= 0 else None


def shard(path: Path, about: Head, size: int = PIECE) -> Iterator[Rows]:
    """The lines of a shard."""
    for piece in of_shard(path, about, size):
        read = lines_of(piece.text, about)
        if piece.ending:
            count = sum(bytes(each.text).count(NEW_LINE) for each in pieces(path, size))
            is_cut = piece.ending.is_cut
            read.faults.append(
                cut(about, count, piece.last) if is_cut else behind(about, count, piece.ending)
            )
        yield read


def of_shard(path: Path, about: Head, size: int) -> Iterator[Piece]:
    """The lines of a shard some at a time; a file as the venue sent it has no head."""
    return map(Piece, bare(path).read(size)) if about.is_bare else pieces(path, size)


def lines_of(rest: bytes | memoryview, about: Head) -> Rows:
    """Lines of answers or of messages."""
    if about.kind == FETCH:
        return decoded_lines(bytes(rest), about)
    quick = captured(rest)
    rows = frames(quick.table, about)
    if not quick.rest:
        return Rows(rows, [])
    slow = decoded_lines(quick.rest, about)
    return slow._replace(rows=pl.concat([rows, slow.rows]) if slow.rows.height else rows)


def decoded_lines(rest: bytes, about: Head) -> Rows:
    """Lines in whatever way JSON can be written. One that says its time twice is none: nobody can tell when it was."""
    shape, is_whole = fetches if about.kind == FETCH else frames, is_line(about.kind)
    dtype = FETCHED if about.kind == FETCH else FRAMED
    timed = f'"{NEEDED[about.kind][0]}"'.encode()
    plain = at_once(rest, dtype)
    if plain is not None and rest.count(timed) == plain.height and plain.select(is_whole.all()).item():
        return Rows(shape(plain, about), [])
    apart = lines(rest)
    read = decoded(apart.texts, dtype)
    table = read.values.to_frame().unnest(read.values.name)
    is_timed = pl.Series([apart.raw[place].count(timed) == 1 for place in read.places], dtype=pl.Boolean)
    good = table.select(is_whole).to_series() & is_timed
    lost = [*read.broken, *read.places.filter(~good).to_list()]
    refused = [no_line(about, apart.shown(place)) for place in lost]
    return Rows(shape(table.filter(good), about), refused)


def at_once(rest: bytes, dtype: pl.Struct) -> pl.DataFrame | None:
    """All lines of some of which none is broken, in half the time; None where one may be, and each has to be looked at."""
    count = rest.count(NEW_LINE)
    if not count or not rest.endswith(b"}\n") or b"\n\n" in rest or b"\r" in rest:
        return None
    try:
        table = pl.read_ndjson(rest, schema={field.name: field.dtype for field in dtype.fields})
    except pl.exceptions.PolarsError:
        return None
    return table if table.height == count else None


def no_line(about: Head, line: str) -> faults.Fault:
    why, place = f"no line of {about.kind}", faults.by_text(line)
    return faults.Fault(MEANT[about.kind], faults.BAD_JSON, why, None, about.capture, place, line)


def cut(about: Head, count: int, last: str) -> faults.Fault:
    why, place = f"the file ends before its stream does, after {count} lines", faults.by_text(last)
    return faults.Fault(MEANT[about.kind], faults.TRUNCATED, why, None, about.capture, place, last)


def behind(about: Head, count: int, ending: Ending) -> faults.Fault:
    why = f"{ending.size} bytes that are no gzip stream come after the end, after {count} lines"
    rest = ending.behind.decode(errors="backslashreplace")
    return faults.Fault(
        MEANT[about.kind], faults.BAD_JSON, why, None, about.capture, faults.by_text(rest), rest
    )


def of_day(about: Head, when: str) -> pl.Expr:
    """Whether a row is of the day that its shard says; any other would be on a day on which it did not come.

    Price histories of a shard that says that it is late may have come on any day after: their points say when they are of.
    """
    day, observed = date.fromisoformat(about.day), pl.col(when).dt.date()
    if not about.is_late or about.kind != FETCH:
        return observed == day
    return (observed == day) | (
        (observed > day) & pl.col("endpoint").str.contains("prices-history", literal=True)
    )


def hour(path: Path, rows: int = ARCHIVE_ROWS) -> Iterator[pl.DataFrame]:
    """The rows of an hour of the archive, in the order of its file."""
    place = 0
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            for batch in file.iter_batches(rows, use_threads=False):
                found = archived(pl.DataFrame(pl.from_arrow(batch)), place, path.name)
                place += found.height
                yield found
            if not place:
                yield archived(pl.DataFrame(pl.from_arrow(file.schema_arrow.empty_table())), place, path.name)
    except (pa.ArrowException, OSError) as error:
        raise broken(path, error) from error


def first_of_hour(path: Path) -> int:
    """The first time of an hour of the archive, in nanoseconds; of one without a row, before all others."""
    found = received(path).dt.epoch("ns").min()
    return found if isinstance(found, int) else 0
