"""Rows of the public archive as the frames that they were, so that one replay reads both."""

import polars as pl

CAPTURE = "pmxt"
FIELDS = (
    "event_type", "market", "asset_id", "price", "size", "side", "best_bid", "best_ask", "fee_rate_bps", "transaction_hash",
    "old_tick_size", "new_tick_size",
)  # fmt: skip


CHANGE = ("asset_id", "price", "size", "side", "best_bid", "best_ask")


def as_frames(archived: pl.DataFrame, after: int) -> pl.DataFrame:
    """The frames of these rows, numbered on from the day's own: changes of one market and instant were one message."""
    is_change = (pl.col("event_type") == "price_change").fill_null(value=False)
    rows = archived.sort("row")
    every = pl.concat([together(rows.filter(is_change)), alone(rows.filter(~is_change))]).sort("row")
    return every.select(
        row=pl.col("row") + after,
        ts_recv="ts_recv",
        capture_id=pl.lit(CAPTURE),
        conn_id=pl.lit(CAPTURE),
        frame_seq="row",
        parse_status=pl.lit("MESSAGE"),
        frame="frame",
    )


def together(rows: pl.DataFrame) -> pl.DataFrame:
    """A message for the changes of a market at an instant: a book that crosses half way through one never was."""
    change = braced([said(name, pl.col(name)) for name in CHANGE])
    told = [
        said("event_type", pl.lit("price_change")),
        said("market", pl.col("market")),
        said("timestamp", milliseconds()),
    ]
    listed = pl.concat_str(pl.lit('"price_changes":['), pl.col("change").list.join(","), pl.lit("]"))
    return (
        rows.with_columns(change=change)
        .group_by("ts_recv", "ts_event", "market", maintain_order=True)
        .agg(pl.col("row").first(), pl.col("change"))
        .select("row", "ts_recv", frame=braced([*told, listed]))
    )


def alone(rows: pl.DataFrame) -> pl.DataFrame:
    """A message for every other row."""
    parts = [
        *(said(name, pl.col(name)) for name in FIELDS),
        said("timestamp", milliseconds()),
        held("bids"),
        held("asks"),
    ]
    return rows.select("row", "ts_recv", frame=braced(parts))


def braced(parts: list[pl.Expr]) -> pl.Expr:
    """An object of the fields that are there."""
    return pl.concat_str(pl.lit("{"), pl.concat_list(*parts).list.drop_nulls().list.join(","), pl.lit("}"))


def milliseconds() -> pl.Expr:
    return pl.col("ts_event").dt.epoch("ms").cast(pl.String)


def said(name: str, value: pl.Expr) -> pl.Expr:
    """A field of text; null where the archive has none."""
    return pl.when(value.is_not_null() & (value != "")).then(
        pl.concat_str(pl.lit(f'"{name}":"'), value, pl.lit('"'))
    )


def held(name: str) -> pl.Expr:
    """A side of a book, which the archive holds as JSON."""
    value = pl.col(name)
    return pl.when(value.is_not_null() & (value != "")).then(pl.concat_str(pl.lit(f'"{name}":'), value))
