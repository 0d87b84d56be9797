"""The lines of shards as bronze rows: fetches with a ledger, frames, rows of the archive, and what was refused."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.about import is_note
from lakeflow.vendors.polymarket.bare import CAPTURE, FETCH
from lakeflow.vendors.polymarket.captured import captured
from lakeflow.vendors.polymarket.decoding import decoded
from lakeflow.vendors.polymarket.delivery import ARCHIVE, Head, head
from lakeflow.vendors.polymarket.lines import body, lines
from lakeflow.vendors.polymarket.untouched import archived, fetches, frames

FETCHED = pl.Struct(
    {
        "observed_us": pl.Int64, "endpoint": pl.String, "url": pl.String, "params": pl.String, "sweep": pl.String,
        "page": pl.Int64, "cursor_in": pl.String, "cursor_out": pl.String, "status": pl.Int32, "ms": pl.Int64, "body": pl.String,
    }
)  # fmt: skip
FRAMED = pl.Struct({"recv_us": pl.Int64, "conn": pl.String, "seq": pl.Int64, "frame": pl.String})
NEEDED = {
    FETCH: ("observed_us", "endpoint", "url", "status", "body"),
    CAPTURE: ("recv_us", "conn", "seq", "frame"),
}
MEANT = {FETCH: "fetches", CAPTURE: "frames"}
ORDER = {
    "fetches": ("ts_observed", "capture_id", "url", "params", "page_no", "payload_sha256", "cursor_in"),
    "frames": ("ts_recv", "capture_id", "conn_id", "frame_seq", "frame"),
    "archived": ("ts_recv", "market", "asset_id", "place", "row_sha256"),
}  # fmt: skip


TOLD = {
    "fetches": "url",
    "frames": "frame",
    "archived": "row_sha256",
}  # what quarantine says of a row that bronze has
TEXT = {"fetches": "payload", "frames": "frame"}  # what the vendor sent
NEW_LINE = b"\n"


class Rows(NamedTuple):
    """What one shard holds: rows of one table, and faults; every line is in one of the two."""

    table: str
    rows: pl.DataFrame
    faults: list[faults.Fault]


def shard(path: Path) -> Rows:
    """The lines of a shard, whatever kind it is."""
    about = head(path)
    if about.kind == ARCHIVE:
        return Rows("archived", archived(path), [])
    if about.bare is not None:
        return lines_of(about.bare, about)
    found = body(path)
    read = lines_of(found.rest, about)
    if not found.is_cut:
        return read
    cut = f"the file ends before its stream does, after {found.rest.count(NEW_LINE)} lines"
    refused = faults.Fault(
        read.table, faults.TRUNCATED, cut, None, about.capture, faults.by_text(found.last), found.last
    )
    return read._replace(faults=[*read.faults, refused])


def lines_of(rest: bytes, about: Head) -> Rows:
    """Lines of answers or of messages."""
    if about.kind == FETCH:
        return of_its_day(decoded_lines(rest, about), about)
    quick = captured(rest)
    slow = decoded_lines(quick.rest, about)
    rows = (
        pl.concat([frames(quick.table, about), slow.rows]) if slow.rows.height else frames(quick.table, about)
    )
    return of_its_day(slow._replace(rows=rows), about)


def decoded_lines(rest: bytes, about: Head) -> Rows:
    """Lines in whatever way JSON can be written."""
    shape, needed = fetches if about.kind == FETCH else frames, pl.col(*NEEDED[about.kind])
    dtype = FETCHED if about.kind == FETCH else FRAMED
    plain = at_once(rest, dtype)
    if plain is not None and not plain.select(pl.any_horizontal(needed.is_null()).any()).item():
        return Rows(MEANT[about.kind], shape(plain, about), [])
    split = lines(rest)
    read = decoded(split.texts, dtype)
    table = read.values.to_frame().unnest(read.values.name)
    good = table.select(pl.all_horizontal(needed.is_not_null())).to_series()
    lost = [*read.broken, *read.places.filter(~good).to_list()]
    refused = [fault(about, split.shown(place)) for place in lost]
    return Rows(MEANT[about.kind], shape(table.filter(good), about), refused)


def at_once(rest: bytes, dtype: pl.Struct) -> pl.DataFrame | None:
    """All lines of a shard that has no broken one, in half the time; None where one may be, and each has to be looked at."""
    count = rest.count(b"\n")
    if not count or not rest.endswith(b"}\n") or b"\n\n" in rest or b"\r" in rest:
        return None
    try:
        table = pl.read_ndjson(rest, schema={field.name: field.dtype for field in dtype.fields})
    except pl.exceptions.PolarsError:
        return None
    return table if table.height == count else None


def of_its_day(found: Rows, about: Head) -> Rows:
    """The rows of the day that the shard says it is of; the others would be on a day on which they did not come."""
    when, text = ORDER[found.table][0], TEXT[found.table]
    other = found.rows.select(pl.col(when).dt.date() != date.fromisoformat(about.day)).to_series()
    if not other.any():
        return found
    told = found.rows.filter(other).select(pl.col(when).dt.epoch("ns"), text)
    why = f"in a shard of {about.day}"
    refused = [
        faults.Fault(found.table, faults.OTHER_DAY, why, observed, about.capture, faults.by_text(said), said)
        for observed, said in told.iter_rows()
    ]
    return Rows(found.table, found.rows.filter(~other), [*found.faults, *refused])


def fault(about: Head, line: str) -> faults.Fault:
    why = f"no line of {about.kind}"
    return faults.Fault(
        MEANT[about.kind], faults.BAD_JSON, why, None, about.capture, faults.by_text(line), line
    )


def day_rows(files: Sequence[Path], as_of: datetime | None) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of a day by table, in the order of what happened, whichever shards they came in; then the faults."""
    read = [shard(path) for path in files if not is_note(path)]
    refused = [each for found in read for each in found.faults if was_known(each, as_of)]
    for table, order in ORDER.items():
        frames_read = [found.rows for found in read if found.table == table]
        if not frames_read:
            continue
        rows = ordered(known(pl.concat(frames_read), order[0], as_of), order)
        is_repeat = rows.select(repeated(order)).to_series()  # equal rows stand beside one another
        refused += repeats(table, rows.filter(is_repeat), order)
        once = rows.filter(~is_repeat) if is_repeat.any() else rows
        yield table, once.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    yield "quarantine", faults.quarantine(refused)


def ordered(rows: pl.DataFrame, order: Sequence[str]) -> pl.DataFrame:
    """Rows by all of the order's columns; those of one recorder mostly stand so, and no two at one instant."""
    is_later = pl.col(order[0]) > pl.col(order[0]).shift(1)
    if rows.select(is_later.fill_null(value=True).all() & pl.col(order[0]).is_not_null().all()).item():
        return rows
    return rows.sort(order, nulls_last=True)


def known(rows: pl.DataFrame, when: str, as_of: datetime | None) -> pl.DataFrame:
    """What had been observed by an instant: nothing that came later has any way into the lake."""
    return rows if as_of is None else rows.filter(pl.col(when) <= as_of)


def was_known(refused: faults.Fault, as_of: datetime | None) -> bool:
    """Whether it had been observed by an instant what was refused; of what tells no time, it is not known."""
    if as_of is None or refused.observed is None:
        return True
    return refused.observed <= (as_of - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000


def repeated(order: Sequence[str]) -> pl.Expr:
    """Whether a row is the one before it once more."""
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in order)
    return same & (pl.int_range(pl.len()) > 0)


def repeats(table: str, again: pl.DataFrame, order: Sequence[str]) -> list[faults.Fault]:
    """Rows that were delivered more than once, each time but the first."""
    told = again.select(
        pl.col(order[0]).dt.epoch("ns"),
        capture=pl.col("capture_id") if table != "archived" else pl.lit("pmxt"),
        text=pl.col(TOLD[table]).fill_null(""),
    )
    return [
        faults.Fault(table, faults.REPEATED, "delivered twice", observed, capture, "", said)
        for observed, capture, said in told.iter_rows()
    ]
