"""Lines of shards and rows of the archive in the columns of bronze, their text untouched."""

import hashlib
import re
from datetime import datetime

import polars as pl

from lakeflow.vendors.polymarket.delivery import Head
from lakeflow.vendors.polymarket.moments import TIME, time

HOUR = re.compile(r"(?<!\d)(20\d\d-\d\d-\d\dT\d\d)(?!\d)")
TEXTS = (
    "market", "event_type", "asset_id", "bids", "asks", "price", "size", "side", "best_bid", "best_ask", "fee_rate_bps",
    "transaction_hash", "old_tick_size", "new_tick_size",
)  # fmt: skip


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
    return table.select(
        ts_recv=micros("recv_us"),
        capture_id=pl.lit(about.capture),
        conn_id="conn",
        frame_seq="seq",
        parse_status=statuses(table["frame"]),
        frame="frame",
    )


def statuses(frame: pl.Series) -> pl.Series:
    """What each frame is: nearly all are messages, and no more is asked of those that begin as one."""
    begins = frame.str.starts_with("{") | frame.str.starts_with("[")
    status = pl.Series(["MESSAGE"]).new_from_index(0, len(frame))
    if begins.all():
        return status
    others = frame.filter(~begins).str.strip_chars().to_frame("body").select(parse_status(pl.col("body")))
    return status.scatter((~begins).arg_true(), others.to_series())


def parse_status(body: pl.Expr) -> pl.Expr:
    """What a frame is by how it begins, spaces aside."""
    return (
        pl.when(body == "")
        .then(pl.lit("BLANK"))
        .when(body.is_in(["PONG", "PING"]))
        .then(pl.lit("KEEPALIVE"))
        .when(body.str.contains(r"^[\[{]"))
        .then(pl.lit("MESSAGE"))
        .otherwise(pl.lit("OTHER"))
    )


def archived(table: pl.DataFrame, place: int, file: str) -> pl.DataFrame:
    """Rows of an hour of the archive from a place on, decimals as text, with the name of their file and the hour that it says."""
    rows = table.select(
        ts_recv=time("timestamp_received", table.schema),
        ts_event=time("timestamp", table.schema),
        place=pl.int_range(pl.len(), dtype=pl.Int64) + place,
        **{name: text(name, table.schema.get(name)) for name in TEXTS},
    )
    texts = rows.select(pl.concat_str(pl.all().cast(pl.String).fill_null("\0"), separator="\1")).to_series()
    return rows.with_columns(
        row_sha256=pl.Series([hashlib.sha256(t.encode()).hexdigest() for t in texts], dtype=pl.String),
        file=pl.lit(file),
        ts_hour=pl.lit(hour_in(file), TIME),
    )


def hour_in(name: str) -> datetime | None:
    """The hour that a file's name says, such as book-2026-04-13T19.parquet; None of a name without one."""
    found = HOUR.search(name)
    try:
        return datetime.fromisoformat(f"{found[1]}:00:00+00:00") if found else None
    except ValueError:  # a day or an hour that no calendar has
        return None


def text(name: str, dtype: pl.DataType | None) -> pl.Expr:
    """A column as text, null where an hour has none; levels that are a list of objects are written as the JSON that they are elsewhere."""
    if dtype is None:
        return pl.lit(None, pl.String).alias(name)
    if not isinstance(dtype, pl.List) or not isinstance(dtype.inner, pl.Struct):
        return pl.col(name).cast(pl.String)
    fields = [
        pl.element().struct.field(each.name).cast(pl.String).alias(each.name) for each in dtype.inner.fields
    ]
    levels = pl.col(name).list.eval(pl.struct(fields).struct.json_encode()).list.join(",")
    return pl.concat_str(pl.lit("["), levels, pl.lit("]")).alias(name)


def micros(name: str) -> pl.Expr:
    """An instant from a count of microseconds."""
    return (pl.col(name) * 1000).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")
