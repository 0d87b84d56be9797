"""What a feed tells beside its books: trades, endings, and changes of levels that are none."""

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.changes import MILLIONTHS, shares, tick


def last_trades(messages_heard: pl.DataFrame) -> pl.DataFrame:
    """Trades as the feed tells them; they touch no level."""
    trades = messages_heard.filter(pl.col("kind") == "last_trade_price")
    return trades.select(
        "row", "message_no", "ts_recv", "ts_event", token_id=pl.col("asset_id"), condition_id="market", side=pl.col("side").str.to_uppercase(),
        price=tick(pl.col("price")) * MILLIONTHS, size=shares(pl.col("size")), transaction=pl.col("transaction_hash").str.to_lowercase(),
    ).filter(pl.col("price").is_not_null(), pl.col("size").is_not_null()).sort("row", "message_no")  # fmt: skip


def endings(messages_heard: pl.DataFrame) -> pl.DataFrame:
    """Markets that the feed says were won, and by which token."""
    ended = messages_heard.filter(pl.col("kind") == "market_resolved")
    return ended.select(
        "row",
        "message_no",
        "ts_recv",
        "ts_event",
        condition_id="market",
        winning_token_id=pl.col("winning_asset_id"),
    ).sort("row", "message_no")


def bad_levels(ops: pl.DataFrame, frames: pl.DataFrame) -> list[faults.Fault]:
    """Changes of levels that are none, with the frame that holds them."""
    told = ops.join(frames.select("row", "capture_id", "frame"), on="row", how="left").select(
        reason=pl.when(pl.col("token_id").is_null())
        .then(pl.lit(faults.NO_ID))
        .when(pl.col("tick").is_null())
        .then(pl.lit(faults.PRICE_RANGE))
        .otherwise(pl.lit(faults.BAD_AMOUNT)),
        at=pl.col("ts_recv").dt.epoch("ns"),
        who=pl.col("capture_id").fill_null(""),
        where=pl.format("row {} {} {}", "row", "message_no", "part"),
        frame="frame",
    )
    return [
        faults.Fault("book_events", reason, "no level", at, who, where, frame)
        for reason, at, who, where, frame in told.iter_rows()
    ]
