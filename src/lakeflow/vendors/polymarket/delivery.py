"""What a delivered shard is, from its own first line: answers that were fetched, or messages that were captured, on one UTC day.

A shard is lines of JSON. The first says what the rest is: `{"shard": "polymarket/fetch/1", "day": "2026-01-05", "capture": "a"}`.
The lines after it hold what the vendor sent as text, untouched: `body` of a fetch, `frame` of a capture. An hour of the pmxt
archive is Parquet and is known by its columns.
"""

import gzip
import json
import re
import zlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from lakeflow.vendors.errors import ForeignFile
from lakeflow.vendors.polymarket.about import is_note, noted
from lakeflow.vendors.polymarket.bare import CAPTURE, FETCH, bare
from lakeflow.vendors.polymarket.moments import TIMES, is_time, no_instants, time

ARCHIVE = "pmxt/hour/2"
KINDS = (CAPTURE, FETCH)
PRODUCT, SYMBOL = "prediction_market", "polymarket"
ARCHIVED = {
    "timestamp_received", "timestamp", "market", "event_type", "asset_id", "bids", "asks", "price", "size", "side",
}  # fmt: skip
# No book and no price needs them: in an hour without one of them it is null.
TOLD_BESIDE = {"best_bid", "best_ask", "fee_rate_bps", "transaction_hash", "old_tick_size", "new_tick_size"}

NEEDED = {
    FETCH: ("observed_us", "endpoint", "url", "status", "body"),
    CAPTURE: ("recv_us", "conn", "seq", "frame"),
}
LONGEST = 1 << 16  # of a first line: one that is longer is no head


class Delivery(NamedTuple):
    """Where a shard belongs: its product, the venue, and its UTC date."""

    product_type: str
    symbol: str
    dt: str


class Head(NamedTuple):
    """What a shard is, and who wrote it."""

    kind: str
    day: str
    capture: str
    is_bare: bool = False  # a file as the venue sent it, whose first line says nothing of this
    is_late: bool = False  # price histories that were fetched later than the day that they are filed under


def is_line(kind: str) -> pl.Expr:
    """Whether a line has the fields that its table cannot do without, with counts that one can hold."""
    named = pl.all_horizontal(pl.col(*NEEDED[kind]).is_not_null())
    if kind == CAPTURE:
        return named
    counts = pl.col("status").is_between(0, 2**31 - 1) & (pl.col("page").fill_null(0) >= 0)
    return named & counts.fill_null(value=False)


def describe(path: Path, told: Mapping[str, str] | None = None) -> list[Delivery]:
    """The one place a file belongs, in a list; a note lies with the file that it is about."""
    of = noted(path) if is_note(path) else path
    if not of.is_file():
        raise foreign(path, f"a note about {of.name}, which is not beside it")
    return [Delivery(PRODUCT, SYMBOL, head(of, told).day)]


def head(path: Path, told: Mapping[str, str] | None = None) -> Head:
    """What a shard says of itself, or what is said of a file as the venue sent it; a file of something else is refused."""
    with path.open("rb") as file:
        is_parquet = file.read(4) == b"PAR1"
    if is_parquet:
        return archive_head(path)
    said = first_line(path)
    if isinstance(said, Mapping) and "shard" in said:
        return shard_head(path, said)
    found = bare(path, told)
    return Head(found.kind, found.day, found.capture, is_bare=True, is_late=found.is_late)


def first_line(path: Path) -> Any:
    """What the first line of a file says; None where it says nothing by itself."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return json.loads(file.readline(LONGEST))
    except (ValueError, RecursionError):
        return None
    except (OSError, EOFError, zlib.error) as error:
        raise foreign(path, f"{type(error).__name__}: {error}") from error


def shard_head(path: Path, said: Mapping[str, Any]) -> Head:
    try:
        day = date.fromisoformat(said["day"]).isoformat()
        found = Head(str(said["shard"]), day, str(said["capture"]), is_late=said.get("late") is True)
    except (ValueError, KeyError, TypeError) as error:
        raise foreign(path, f"{type(error).__name__}: {error}") from error
    if found.kind not in KINDS:
        raise foreign(path, found.kind)
    return found


def archive_head(path: Path) -> Head:
    """An hour of the archive: its day is that of its first message, and it must hold no other; one without a row says it in its name."""
    columns = columns_of(path)
    if lacking := sorted(ARCHIVED - set(columns)):
        raise foreign(path, f"Parquet without {', '.join(lacking)}")
    if strange := [f"{name} {columns[name]}" for name in TIMES if not is_time(columns[name])]:
        raise foreign(path, f"Parquet whose {', '.join(strange)} is no timestamp")
    texts = [name for name in TIMES if columns[name] == pl.String]
    if texts and (lost := no_instants(instants(path, *texts))):
        raise foreign(path, f"Parquet whose {', '.join(lost)}")
    days = received(path).dt.date().unique().sort().to_list() or in_name(path)
    if len(days) != 1 or days[0] is None:
        raise foreign(
            path, f"messages of {len(days)} dates" if days else "no message, and no one date in its name"
        )
    return Head(ARCHIVE, days[0].isoformat(), "pmxt")


def columns_of(path: Path) -> pl.Schema:
    try:
        return pl.DataFrame(pl.from_arrow(pq.read_schema(path).empty_table())).schema
    except (pa.ArrowException, OSError) as error:
        raise broken(path, error) from error


def instants(path: Path, *names: str) -> pl.DataFrame:
    """Some columns of an hour."""
    try:
        return pl.DataFrame(pl.from_arrow(pq.read_table(path, columns=list(names))))
    except (pa.ArrowException, OSError) as error:
        raise broken(path, error) from error


def received(path: Path) -> pl.Series:
    """When each row of an hour was received."""
    rows = instants(path, "timestamp_received")
    return rows.select(time("timestamp_received", rows.schema)).to_series()


def in_name(path: Path) -> list[date]:
    """The days that a file's name says."""
    found = re.findall(r"(?<!\d)(20\d\d-[01]\d-[0-3]\d)(?!\d)", path.name)
    return [date.fromisoformat(each) for each in sorted(set(found))]


def broken(path: Path, error: Exception) -> ForeignFile:
    """An hour of the archive that cannot be read, by its name."""
    said = str(error).splitlines()
    return foreign(path, f"Parquet that is damaged or cut: {said[0] if said else type(error).__name__}")


def foreign(path: Path, found: str) -> ForeignFile:
    expected = (
        f"a first line with a shard of {list(KINDS)}, a day and a capture, or an hour of the pmxt archive"
    )
    return ForeignFile(path, 0, expected, found[:120], "write shards as docs/prediction-markets.md says")
