"""Captured frames as messages: arrays taken apart, old shapes beside new ones, each message with its kind or its fault."""

import json
from typing import Any, NamedTuple

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.books import HASHED, hash_status
from lakeflow.vendors.polymarket.decoding import decoded
from lakeflow.vendors.polymarket.needed import SHORT

LEVELS = pl.List(pl.Struct({"price": pl.String, "size": pl.String}))
CHANGES = pl.List(
    pl.Struct(
        dict.fromkeys(["asset_id", "price", "size", "side", "best_bid", "best_ask"], pl.String)
    )
)  # fmt: skip
MESSAGE = pl.Struct(
    {
        "event_type": pl.String, "market": pl.String, "asset_id": pl.String, "timestamp": pl.String,
        "bids": LEVELS, "asks": LEVELS, "buys": LEVELS, "sells": LEVELS,
        "price": pl.String, "size": pl.String, "side": pl.String, "fee_rate_bps": pl.String, "transaction_hash": pl.String,
        "price_changes": CHANGES, "changes": CHANGES, "old_tick_size": pl.String, "new_tick_size": pl.String,
        "best_bid": pl.String, "best_ask": pl.String, "winning_asset_id": pl.String,
    }
)  # fmt: skip
KINDS = (
    "book",
    "price_change",
    "last_trade_price",
    "tick_size_change",
    "best_bid_ask",
    "new_market",
    "market_resolved",
)


class Messages(NamedTuple):
    """Messages in capture order, and the frames and messages that are none."""

    rows: pl.DataFrame
    faults: list[faults.Fault]


def messages(frames: pl.DataFrame) -> Messages:
    """Every message of some frames."""
    spoken = frames.filter(pl.col("parse_status") == "MESSAGE")
    text = pl.col("frame").str.strip_chars()
    listed = (
        pl.when(text.str.starts_with("[")).then(text).otherwise(pl.concat_str(pl.lit("["), text, pl.lit("]")))
    )
    read = decoded(spoken.select(listed).to_series(), pl.List(MESSAGE))
    about = spoken.select("row", "ts_recv", "capture_id", "frame")
    each = (
        about[read.places]
        .drop("frame")
        .with_columns(message=read.values)
        .filter(pl.col("message").list.len() > 0)
        .with_columns(message_no=pl.int_ranges(pl.col("message").list.len()))
        .explode("message", "message_no", empty_as_null=True, keep_nulls=True)
        .unnest("message")
        .with_columns(
            kind=kind(),
            ts_event=instant(pl.col("timestamp")),
            market=some(condition(pl.col("market"))),
            asset_id=some(pl.col("asset_id")),
        )
        .join(hashed(about), on=["row", "message_no"], how="left", maintain_order="left")
    )
    lost = about[pl.Series(read.broken, dtype=pl.Int64)]
    other = frames.filter(pl.col("parse_status") == "OTHER").select("row", "ts_recv", "capture_id", "frame")
    strange = each.filter(pl.col("kind").is_null())
    return Messages(
        each.filter(pl.col("kind").is_not_null()),
        [*told(pl.concat([lost, other]), faults.BAD_JSON), *unknown(strange, about)],
    )


def hashed(frames: pl.DataFrame) -> pl.DataFrame:
    """Of each book that has every field which its hash is over, whether it is the hash of them."""
    text = pl.col("frame")
    has_all = pl.all_horizontal(text.str.contains(f'"{field}"', literal=True) for field in HASHED)
    told = [
        (row, number, hash_status(message))
        for row, frame in frames.filter(has_all).select("row", "frame").iter_rows()
        for number, message in enumerate(listed(frame)) if isinstance(message, dict)
    ]  # fmt: skip
    shape = {"row": pl.Int64, "message_no": pl.Int64, "hash_status": pl.String}
    return pl.DataFrame(told, schema=shape, orient="row")


def listed(frame: str) -> list[Any]:
    """The messages of a frame; none of what is no JSON, which is refused elsewhere."""
    try:
        found = json.loads(frame)
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else [found]


def some(text: pl.Expr) -> pl.Expr:
    """A text that is not empty: an empty one names nothing."""
    return pl.when(text != "").then(text)


def kind() -> pl.Expr:
    """What a message is; old captures leave it out, and then its fields tell."""
    said = pl.col("event_type")
    return (
        pl.when(said.is_in(list(KINDS)))
        .then(said)
        .when(said.is_not_null() & (said != ""))
        .then(None)
        .when(pl.col("price_changes").is_not_null() | pl.col("changes").is_not_null())
        .then(pl.lit("price_change"))
        .when(pl.any_horizontal(pl.col("bids", "asks", "buys", "sells").is_not_null()))
        .then(pl.lit("book"))
        .when(pl.col("new_tick_size").is_not_null())
        .then(pl.lit("tick_size_change"))
        .when(pl.col("fee_rate_bps").is_not_null())
        .then(pl.lit("last_trade_price"))
    )


def condition(text: pl.Expr) -> pl.Expr:
    """A condition's id as answers spell it: one of the second protocol with its two zeros."""
    said = text.str.to_lowercase()
    return pl.when(said.str.len_chars() == SHORT).then(said + "00").otherwise(said)


def instant(text: pl.Expr) -> pl.Expr:
    """When the venue says it was: milliseconds, of old messages seconds."""
    number = text.cast(pl.Int64, strict=False)
    nanos = pl.when(number < 10**11).then(number * 10**9).otherwise(number * 10**6)
    return nanos.cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")


def told(frames: pl.DataFrame, reason: str, detail: str = "no JSON of a message") -> list[faults.Fault]:
    told_of = frames.select(
        pl.col("ts_recv").dt.epoch("ns"), "capture_id", pl.col("row").cast(pl.String), "frame"
    )
    return [
        faults.Fault("frames", reason, detail, received, capture, f"row {row}", frame)
        for received, capture, row, frame in told_of.iter_rows()
    ]


def unknown(strange: pl.DataFrame, about: pl.DataFrame) -> list[faults.Fault]:
    """Messages of a kind that nobody knew when this was written; their frames are in bronze."""
    frames = strange.select("row", "event_type").join(about, on="row", how="left").sort("row")
    return [
        fault
        for said, rows in frames.group_by("event_type", maintain_order=True)
        for fault in told(rows, faults.UNKNOWN_EVENT_TYPE, f"event_type {said[0]}")
    ]
