"""The lines of shards as bronze rows: fetches with a ledger, frames, rows of the archive, and what was refused."""

import gzip
import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.decoding import decoded
from lakeflow.vendors.polymarket.delivery import ARCHIVE, CAPTURE, FETCH, Head, head

TIME = pl.Datetime("ns", "UTC")
FETCHED = pl.Struct(
    {
        "observed_us": pl.Int64, "endpoint": pl.String, "url": pl.String, "params": pl.String, "sweep": pl.String,
        "page": pl.Int64, "cursor_in": pl.String, "cursor_out": pl.String, "status": pl.Int64, "ms": pl.Int64, "body": pl.String,
    }
)  # fmt: skip
FRAMED = pl.Struct({"recv_us": pl.Int64, "conn": pl.String, "seq": pl.Int64, "frame": pl.String})
NEEDED = {
    FETCH: ("observed_us", "endpoint", "url", "status", "body"),
    CAPTURE: ("recv_us", "conn", "seq", "frame"),
}
MEANT = {FETCH: "fetches", CAPTURE: "frames"}
TEXTS = (
    "market", "event_type", "asset_id", "bids", "asks", "price", "size", "side", "best_bid", "best_ask", "fee_rate_bps",
    "transaction_hash", "old_tick_size", "new_tick_size",
)  # fmt: skip
ORDER = {
    "fetches": ("ts_observed", "capture_id", "url", "params", "page_no", "payload_sha256", "cursor_in"),
    "frames": ("ts_recv", "capture_id", "conn_id", "frame_seq", "frame"),
    "archived": ("ts_recv", "market", "asset_id", "place", "row_sha256"),
}  # fmt: skip


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
    shape, needed = fetches if about.kind == FETCH else frames, pl.col(*NEEDED[about.kind])
    plain = at_once(path, FETCHED if about.kind == FETCH else FRAMED)
    if plain is not None and not plain.select(pl.any_horizontal(needed.is_null()).any()).item():
        return Rows(MEANT[about.kind], shape(plain, about), [])
    lines = text_lines(path)
    read = decoded(lines, FETCHED if about.kind == FETCH else FRAMED)
    table = read.values.to_frame().unnest(read.values.name)
    whole = table.select(pl.all_horizontal(needed.is_not_null())).to_series()
    lost = [*read.broken, *read.places.filter(~whole).to_list()]
    refused = [fault(about, path, place, str(lines[place])) for place in lost]
    return Rows(MEANT[about.kind], shape(table.filter(whole), about), refused)


def at_once(path: Path, dtype: pl.Struct) -> pl.DataFrame | None:
    """All lines of a shard that has no broken one, in half the time; None where one may be, and each has to be looked at."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        file.readline()
        body = file.read()
    lines = body.count(b"\n")
    if not lines or not body.endswith(b"}\n") or b"\n\n" in body or b"\r" in body:
        return None
    try:
        table = pl.read_ndjson(body, schema={field.name: field.dtype for field in dtype.fields})
    except pl.exceptions.PolarsError:
        return None
    return table if table.height == lines else None


def text_lines(path: Path) -> pl.Series:
    """The lines after the first; the last one may have been cut by a crash, and is then a line of its own that is broken."""
    if path.suffix != ".gz":
        return pl.read_lines(path).to_series().slice(1)
    return pl.Series(gzip.decompress(path.read_bytes()).decode().splitlines()[1:], dtype=pl.String)


def fault(about: Head, path: Path, place: int, line: str) -> faults.Fault:
    where = f"{path.name}:{place + 2}"
    return faults.Fault(
        MEANT[about.kind], faults.BAD_JSON, f"no line of {about.kind}", None, about.capture, where, line
    )


def fetches(table: pl.DataFrame, about: Head) -> pl.DataFrame:
    """Answers, as they came."""
    bodies = table["body"].to_list()
    return table.select(
        ts_observed=micros("observed_us"),
        capture_id=pl.lit(about.capture),
        endpoint="endpoint",
        url="url",
        params=pl.col("params").fill_null("{}"),
        sweep_id=pl.col("sweep").fill_null(""),
        page_no=pl.col("page").fill_null(0),
        cursor_in="cursor_in",
        cursor_out="cursor_out",
        http_status=pl.col("status").cast(pl.Int32),
        duration_ms="ms",
        payload_bytes=pl.col("body").str.len_bytes().cast(pl.Int64),
        payload_sha256=pl.Series(
            [hashlib.sha256(body.encode()).hexdigest() for body in bodies], dtype=pl.String
        ),
        payload="body",
    )


def frames(table: pl.DataFrame, about: Head) -> pl.DataFrame:
    """Messages, as they came; what does not begin like JSON is none that could say anything."""
    body = pl.col("frame").str.strip_chars()
    return table.select(
        ts_recv=micros("recv_us"),
        capture_id=pl.lit(about.capture),
        conn_id="conn",
        frame_seq="seq",
        parse_status=pl.when(body == "")
        .then(pl.lit("BLANK"))
        .when(body.is_in(["PONG", "PING"]))
        .then(pl.lit("KEEPALIVE"))
        .when(body.str.contains(r"^[\[{]"))
        .then(pl.lit("MESSAGE"))
        .otherwise(pl.lit("OTHER")),
        frame="frame",
    )


def archived(path: Path) -> pl.DataFrame:
    """Rows of an hour of the archive, decimals as text."""
    rows = pl.read_parquet(path).select(
        ts_recv=pl.col("timestamp_received").cast(TIME),
        ts_event=pl.col("timestamp").cast(TIME),
        place=pl.int_range(pl.len(), dtype=pl.Int64),
        **{name: pl.col(name).cast(pl.String) for name in TEXTS},
    )
    texts = rows.select(pl.concat_str(pl.all().cast(pl.String).fill_null("\0"), separator="\1")).to_series()
    return rows.with_columns(row_sha256=pl.Series([hashlib.sha256(t.encode()).hexdigest() for t in texts]))


def micros(name: str) -> pl.Expr:
    """An instant from a count of microseconds."""
    return (pl.col(name) * 1000).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")


def day_rows(files: Sequence[Path], as_of: datetime | None) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of a day by table, in the order of what happened, whichever shards they came in; then the faults."""
    read = [shard(path) for path in files]
    refused = [each for found in read for each in found.faults]
    for table, order in ORDER.items():
        frames_read = [found.rows for found in read if found.table == table]
        if not frames_read:
            continue
        rows = known(pl.concat(frames_read), order[0], as_of).sort(order, nulls_last=True)
        is_repeat = rows.select(repeated(order)).to_series()  # equal rows stand beside one another
        refused += repeats(table, rows.filter(is_repeat), order)
        once = rows.filter(~is_repeat) if is_repeat.any() else rows
        yield table, once.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    yield "quarantine", faults.quarantine(refused)


def known(rows: pl.DataFrame, when: str, as_of: datetime | None) -> pl.DataFrame:
    """What had been observed by an instant: nothing that came later has any way into the lake."""
    return rows if as_of is None else rows.filter(pl.col(when) <= as_of)


def repeated(order: Sequence[str]) -> pl.Expr:
    """Whether a row is the one before it once more."""
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in order)
    return same & (pl.int_range(pl.len()) > 0)


def repeats(table: str, again: pl.DataFrame, order: Sequence[str]) -> list[faults.Fault]:
    """Rows that were delivered more than once, each time but the first."""
    text = {"fetches": "url", "frames": "frame", "archived": "row_sha256"}[table]
    told = again.select(
        pl.col(order[0]).dt.epoch("ns"),
        capture=pl.col("capture_id") if table != "archived" else pl.lit("pmxt"),
        text=pl.col(text).fill_null(""),
    )
    return [
        faults.Fault(table, faults.REPEATED, "delivered twice", observed, capture, "", said)
        for observed, capture, said in told.iter_rows()
    ]
