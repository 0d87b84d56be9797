"""Messages as changes of book levels, in whole ticks of a hundredth of a cent: what the replay eats."""

import polars as pl

from lakeflow.vendors.polymarket.naming import NAME

TICKS = 10_000  # of a dollar: the venue's finest tick
MILLIONTHS = 100  # of a dollar in a tick
CLEAR, LEVEL, FORGET = 0, 1, 2  # a book begins, a level has this size now, nothing is known any more
CHECK = 3  # best prices are told alone, and nothing changes
RIGHT, WRONG = (
    -3,
    -4,
)  # in place of the best prices that are said: a whole book with the hash of its content, or another
HASHES = {"MATCH": RIGHT, "MISMATCH": WRONG}
BID, ASK = 0, 1
NOT_SAID = -1
DIGITS = r"^[0-9]{1,78}$"
TIME = pl.Datetime("ns", "UTC")
SHAPE = {
    "row": pl.Int64(), "message_no": pl.Int64(), "part": pl.Int64(), "ts_recv": TIME, "ts_event": TIME, "market": NAME,
    "token_id": NAME, "op": pl.Int8(), "side": pl.Int8(), "tick": pl.Int64(), "size": pl.Int64(), "said_bid": pl.Int64(),
    "said_ask": pl.Int64(),
}  # fmt: skip


def changes(messages: pl.DataFrame) -> pl.DataFrame:
    """Every change of a level, in capture order, and what is no level of any book with `tick` null."""
    kinds = ("book", "price_change", "best_bid_ask")
    books, told, best = (messages.filter(pl.col("kind") == kind) for kind in kinds)
    parts = [cleared(books), *whole_sides(books)] if books.height else []
    if best.height:
        parts += [compared(best)]
    if told.height:
        parts += [listed(told, "price_changes"), listed(told, "changes"), alone(told)]
    shaped = [
        part.select(pl.col(name).cast(dtype) for name, dtype in SHAPE.items())
        for part in parts
        if part.height
    ]
    if not shaped:
        return pl.DataFrame(schema=SHAPE)
    said = pl.concat(shaped).with_columns(
        tick=pl.when(is_token(pl.col("token_id").cast(pl.String)).fill_null(value=True)).then("tick")
    )
    return said.sort("row", "message_no", "part", "op", maintain_order=True)


def is_token(text: pl.Expr) -> pl.Expr:
    """Whether a text can be a token's id; null of none."""
    return text.str.contains(DIGITS)


def cleared(books: pl.DataFrame) -> pl.DataFrame:
    """The beginning of each book."""
    zero, said = pl.lit(0, pl.Int64), hashed()
    return books.with_columns(
        token_id=pl.col("asset_id"),
        op=CLEAR,
        side=BID,
        tick=zero,
        size=zero,
        said_bid=said,
        said_ask=said,
        part=-1,
    )


def hashed() -> pl.Expr:
    """What the hash of a whole book says of it, in place of best prices."""
    return pl.col("hash_status").replace_strict(HASHES, default=NOT_SAID, return_dtype=pl.Int64)


def compared(best: pl.DataFrame) -> pl.DataFrame:
    """Best prices that are told alone: what a book is held against. Where they lack, there is nothing to hold."""
    zero = pl.lit(0, pl.Int64)
    prices = {"said_bid": said(pl.col("best_bid"), 0), "said_ask": said(pl.col("best_ask"), TICKS)}
    told = best.filter(pl.col("best_bid").is_not_null(), pl.col("best_ask").is_not_null())
    return told.with_columns(
        token_id=pl.col("asset_id"), op=CHECK, side=pl.lit(BID), tick=zero, size=zero, part=0, **prices
    ).with_columns(tick=pl.when(pl.min_horizontal("said_bid", "said_ask") > NOT_SAID).then("tick"))


def whole_sides(books: pl.DataFrame) -> list[pl.DataFrame]:
    """The levels of each book."""
    said = hashed()
    sides = {BID: pl.coalesce("bids", "buys"), ASK: pl.coalesce("asks", "sells")}
    return [
        books.select(
            "row",
            "message_no",
            "ts_recv",
            "ts_event",
            "market",
            "hash_status",
            token_id=pl.col("asset_id"),
            level=levels,
        )
        .filter(pl.col("level").list.len() > 0)
        .with_columns(part=pl.int_ranges(pl.col("level").list.len()))
        .explode("level", "part", empty_as_null=True, keep_nulls=True)
        .with_columns(
            op=LEVEL,
            side=side,
            tick=tick(field("price")),
            size=shares(field("size")),
            said_bid=said,
            said_ask=said,
        )
        for side, levels in sides.items()
    ]


def field(name: str) -> pl.Expr:
    return pl.col("level").struct.field(name)


def listed(messages: pl.DataFrame, column: str) -> pl.DataFrame:
    """The changes of a message that lists them; old ones name the token once, above the list."""
    return (
        messages.filter(pl.col(column).list.len() > 0)
        .select("row", "message_no", "ts_recv", "ts_event", "market", "asset_id", level=column)
        .with_columns(part=pl.int_ranges(pl.col("level").list.len()))
        .explode("level", "part", empty_as_null=True, keep_nulls=True)
        .with_columns(
            token_id=pl.coalesce(pl.when(field("asset_id") != "").then(field("asset_id")), "asset_id"),
            op=LEVEL,
            side=side(field("side")),
            tick=tick(field("price")),
            size=shares(field("size")),
            said_bid=said(field("best_bid"), 0),
            said_ask=said(field("best_ask"), TICKS),
        )
    )


def alone(messages: pl.DataFrame) -> pl.DataFrame:
    """The oldest shape: one change, its fields those of the message."""
    bare = pl.col("price_changes").is_null() & pl.col("changes").is_null() & pl.col("price").is_not_null()
    return messages.filter(bare).with_columns(
        token_id=pl.col("asset_id"),
        op=LEVEL,
        side=side(pl.col("side")),
        tick=tick(pl.col("price")),
        size=shares(pl.col("size")),
        said_bid=said(pl.col("best_bid"), 0),
        said_ask=said(pl.col("best_ask"), TICKS),
        part=0,
    )


def tick(price: pl.Expr) -> pl.Expr:
    """A price in whole ticks; null where it is no price of a level: no number, not in [0, 1], or between two ticks.

    Exact though by floats, which are ten times as fast as decimals: what lies between ticks is off by far more than 1e-9.
    """
    number = price.cast(pl.Float64, strict=False)
    ticks = (number * TICKS).round()
    good = number.is_between(0, 1) & ((number * TICKS - ticks).abs() < 1e-9)
    return pl.when(good).then(ticks.cast(pl.Int64))


def shares(size: pl.Expr) -> pl.Expr:
    """A size in millionths of a share, exact up to a billion shares; null of more, of less than 0 and of no number."""
    number = size.cast(pl.Float64, strict=False)
    return pl.when(number.is_between(0, 1e9)).then((number * 1e6).round().cast(pl.Int64))


def side(text: pl.Expr) -> pl.Expr:
    """BUY rests on the bid."""
    said = text.str.to_uppercase()
    bid, ask = pl.lit(BID, pl.Int8), pl.lit(ASK, pl.Int8)
    return pl.when(said == "BUY").then(bid).when(said == "SELL").then(ask)


def said(price: pl.Expr, empty: int) -> pl.Expr:
    """The best price that a message claims; 0, 1 and nothing at all are an empty side."""
    known = pl.when(price == "").then(pl.lit(empty, pl.Int64)).otherwise(tick(price))
    return known.fill_null(NOT_SAID)
