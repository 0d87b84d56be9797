"""What a delivered shard is, from its own first line: answers that were fetched, or messages that were captured, on one UTC day.

A shard is lines of JSON. The first says what the rest is: `{"shard": "polymarket/fetch/1", "day": "2026-01-05", "capture": "a"}`.
The lines after it hold what the vendor sent as text, untouched: `body` of a fetch, `frame` of a capture. An hour of the pmxt
archive is Parquet and is known by its columns.
"""

import gzip
import json
import zlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from lakeflow.vendors.errors import ForeignFile
from lakeflow.vendors.polymarket.about import is_note, noted
from lakeflow.vendors.polymarket.bare import CAPTURE, FETCH, bare

ARCHIVE = "pmxt/hour/2"
KINDS = (CAPTURE, FETCH)
PRODUCT, SYMBOL = "prediction_market", "polymarket"
ARCHIVED = {
    "timestamp_received", "timestamp", "market", "event_type", "asset_id", "bids", "asks", "price", "size", "side", "best_bid",
    "best_ask", "fee_rate_bps", "transaction_hash", "old_tick_size", "new_tick_size",
}  # fmt: skip

NEEDED = {
    FETCH: ("observed_us", "endpoint", "url", "status", "body"),
    CAPTURE: ("recv_us", "conn", "seq", "frame"),
}
TIMES = ("timestamp_received", "timestamp")
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
    return Head(found.kind, found.day, found.capture, is_bare=True)


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
        found = Head(str(said["shard"]), date.fromisoformat(said["day"]).isoformat(), str(said["capture"]))
    except (ValueError, KeyError, TypeError) as error:
        raise foreign(path, f"{type(error).__name__}: {error}") from error
    if found.kind not in KINDS:
        raise foreign(path, found.kind)
    return found


def archive_head(path: Path) -> Head:
    """An hour of the archive: its day is that of its first message, and it must hold no other."""
    columns = pl.read_parquet_schema(path)
    if lacking := sorted(ARCHIVED - set(columns)):
        raise foreign(path, f"Parquet without {', '.join(lacking)}")
    if counted := [name for name in TIMES if not isinstance(columns[name], pl.Datetime)]:
        found = ", ".join(f"{name} {columns[name]}" for name in counted)
        raise foreign(path, f"Parquet whose {found} is no timestamp: a count does not say its unit")
    received = pl.scan_parquet(path).select(day=pl.col("timestamp_received").dt.date())
    days = received.unique().sort("day").collect()["day"].to_list()
    if len(days) != 1 or days[0] is None:
        raise foreign(path, f"messages of {len(days)} dates")
    return Head(ARCHIVE, days[0].isoformat(), "pmxt")


def foreign(path: Path, found: str) -> ForeignFile:
    expected = (
        f"a first line with a shard of {list(KINDS)}, a day and a capture, or an hour of the pmxt archive"
    )
    return ForeignFile(path, 0, expected, found[:120], "write shards as docs/prediction-markets.md says")
