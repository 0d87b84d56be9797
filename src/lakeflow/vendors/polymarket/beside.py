"""What a feed tells beside its books: trades, endings, and what of its messages is no row, with the reason."""

from collections.abc import Iterator

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.changes import MILLIONTHS, TIME, is_token, shares, tick

TRADES = {
    "row": pl.Int64(), "message_no": pl.Int64(), "ts_recv": TIME, "ts_event": TIME, "token_id": pl.String(), "condition_id": pl.String(),
    "side": pl.String(), "price": pl.Int64(), "size": pl.Int64(), "transaction": pl.String(),
}  # fmt: skip
ENDINGS = {
    "row": pl.Int64(), "message_no": pl.Int64(), "ts_recv": TIME, "ts_event": TIME, "condition_id": pl.String(), "winning_token_id": pl.String(),
}  # fmt: skip


def last_trades(messages_heard: pl.DataFrame) -> pl.DataFrame:
    """Trades as the feed tells them; they touch no level."""
    told = messages_heard.filter(pl.col("kind") == "last_trade_price")
    if told.is_empty():  # as of most frames of a part: nothing is done with what they are not
        return pl.DataFrame(schema=TRADES)
    return told.filter(no_trade().is_null()).select(
        "row", "message_no", "ts_recv", "ts_event", token_id=pl.col("asset_id"), condition_id="market", side=pl.col("side").str.to_uppercase(),
        price=tick(pl.col("price")) * MILLIONTHS, size=shares(pl.col("size")), transaction=pl.col("transaction_hash").str.to_lowercase(),
    ).sort("row", "message_no")  # fmt: skip


def no_trade() -> pl.Expr:
    """Why a message of a trade is none; null where it is one."""
    price = pl.col("price")
    return (
        pl.when(pl.col("asset_id").is_null())
        .then(pl.lit(faults.NO_ID))
        .when(~is_token(pl.col("asset_id")))
        .then(pl.lit(faults.BAD_TOKEN_ID))
        .when(price.cast(pl.Float64, strict=False).is_null() | shares(pl.col("size")).is_null())
        .then(pl.lit(faults.BAD_AMOUNT))
        .when(tick(price).is_null())
        .then(pl.lit(faults.PRICE_RANGE))
    )


def endings(messages_heard: pl.DataFrame) -> pl.DataFrame:
    """Markets that the feed says were won, and by which token."""
    ended = messages_heard.filter(pl.col("kind") == "market_resolved", pl.col("market").is_not_null())
    if ended.is_empty():
        return pl.DataFrame(schema=ENDINGS)
    return ended.select(
        "row",
        "message_no",
        "ts_recv",
        "ts_event",
        condition_id="market",
        winning_token_id=pl.col("winning_asset_id"),
    ).sort("row", "message_no")


def untold(messages_heard: pl.DataFrame, frames: pl.DataFrame) -> Iterator[faults.Fault]:
    """Messages of a trade or of an ending that are none, and those of a book that say nothing of one."""
    trades, ended = (
        messages_heard.filter(pl.col("kind") == kind) for kind in ("last_trade_price", "market_resolved")
    )
    mute = messages_heard.filter(says_nothing())
    if mute.height:
        nothing = mute.with_columns(reason=pl.lit(faults.BAD_ARRAY), part=0)
        yield from refused("book_events", "no changes, or no sides of a book", nothing, frames)
    if trades.height:
        none = trades.filter(no_trade().is_not_null()).with_columns(reason=no_trade(), part=0)
        yield from refused("last_trades", "no trade", none, frames)
    if ended.height:
        nowhere = ended.filter(pl.col("market").is_null()).with_columns(reason=pl.lit(faults.NO_ID), part=0)
        yield from refused("endings", "no market", nowhere, frames)


def says_nothing() -> pl.Expr:
    """Whether a message of a book has none of the fields that could say what of it changed; an empty list says that nothing did.

    A book without sides is taken for an empty one all the same: what stood before it is not known any more.
    """
    sides = pl.all_horizontal(pl.col("bids", "asks", "buys", "sells").is_null())
    changes = pl.all_horizontal(pl.col("price_changes", "changes", "price").is_null())
    return ((pl.col("kind") == "book") & sides) | ((pl.col("kind") == "price_change") & changes)


def bad_levels(ops: pl.DataFrame, frames: pl.DataFrame) -> Iterator[faults.Fault]:
    """Changes of levels that are none."""
    token = pl.col("token_id").cast(pl.String)
    reason = (
        pl.when(token.is_null())
        .then(pl.lit(faults.NO_ID))
        .when(~is_token(token))
        .then(pl.lit(faults.BAD_TOKEN_ID))
        .when(pl.col("tick").is_null())
        .then(pl.lit(faults.PRICE_RANGE))
        .otherwise(pl.lit(faults.BAD_AMOUNT))
    )
    return refused("book_events", "no level", ops.with_columns(reason=reason), frames)


def levels_astray(ops: pl.DataFrame, frames: pl.DataFrame) -> Iterator[faults.Fault]:
    """Changes of a token in the name of another market than its own."""
    return refused(
        "book_events",
        "a token of another market",
        ops.with_columns(reason=pl.lit(faults.OTHER_MARKET)),
        frames,
    )


def refused(meant_for: str, detail: str, rows: pl.DataFrame, frames: pl.DataFrame) -> Iterator[faults.Fault]:
    """What is no row for a `reason`, with the frame that holds it."""
    if rows.is_empty():
        return iter(())
    told = (
        rows.select("row", "message_no", "part", "ts_recv", "reason")
        .join(frames.select("row", "capture_id", "frame"), on="row", how="left", maintain_order="left")
        .select(
            "reason",
            at=pl.col("ts_recv").dt.epoch("ns"),
            who=pl.col("capture_id").fill_null(""),
            where=pl.format("row {} {} {}", "row", "message_no", "part"),
            frame="frame",
        )
    )
    return (
        faults.Fault(meant_for, reason, detail, at, who, where, frame)
        for reason, at, who, where, frame in told.iter_rows()
    )
