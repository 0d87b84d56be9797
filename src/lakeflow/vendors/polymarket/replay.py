"""A day's captured messages as tables: every change, the best levels with their verdict, gaps, last trades and endings."""

from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.vendors.polymarket import coverage, faults, stepping
from lakeflow.vendors.polymarket.belonging import belonging
from lakeflow.vendors.polymarket.beside import bad_levels, endings, last_trades, levels_astray, untold
from lakeflow.vendors.polymarket.changes import CLEAR, FORGET, LEVEL, MILLIONTHS, changes
from lakeflow.vendors.polymarket.compiled import Bytes, Ints
from lakeflow.vendors.polymarket.doubts import doubts, ignored
from lakeflow.vendors.polymarket.messages import heard_once, messages
from lakeflow.vendors.polymarket.overheard import CHANGE, TRADE, first_archived, heard_before
from lakeflow.vendors.polymarket.skimmed import in_order, skimmed

VERDICTS = ("NOT_BEGUN", "UNVERIFIABLE", "MATCH", "MISMATCH", "CROSSED", "FORGOTTEN")
FRAMES = 20_000  # decoded at a time
MIRRORS = (None, True, False)


def replayed(frames: pl.DataFrame, dt: date, silent_s: int) -> dict[str, pl.DataFrame]:
    """Every table of a day of capture; nothing is repaired, and what cannot be believed says so."""
    heard = listened(heard_once(frames))
    silence, ops = coverage.gaps(frames, dt, silent_s), heard.ops
    good = (
        pl.col("token_id").is_not_null()
        & pl.col("side").is_not_null()
        & pl.col("tick").is_not_null()
        & pl.col("size").is_not_null()
    )
    archived_from = first_archived(frames)
    homes, kept, astray = belonging(heard_before(ops.filter(good), archived_from, CHANGE))
    tops, lost = best_levels(numbered(forgotten(kept, homes, silence), homes))
    return {
        "book_events": events(kept),
        "book_tops": tops.select(TOPS),
        "book_gaps": pl.concat([silence, doubts(tops, lost, dt)]).sort("token_id", "ts_start", "reason"),
        "last_trades": heard_before(heard.trades, archived_from, TRADE),
        "endings": heard.endings,
        "frame_quarantine": faults.quarantine(
            [
                *heard.faults,
                *bad_levels(ops.filter(~good), frames),
                *levels_astray(astray, frames),
            ]
        ),
    }


class Heard(NamedTuple):
    """What a day's messages say, without the messages."""

    ops: pl.DataFrame
    trades: pl.DataFrame
    endings: pl.DataFrame
    faults: list[faults.Fault]


def listened(frames: pl.DataFrame) -> Heard:
    """A day's frames some at a time: only what they say of books is held, not all that they hold."""
    quick = [skimmed(part) for part in slices(frames)]
    rest = pl.concat([part.rest for part in quick])
    parts = [said(part) for part in slices(rest)]
    return Heard(
        in_order([each.ops for each in quick], [part.ops for part in parts]),
        pl.concat([part.trades for part in parts]),
        pl.concat([part.endings for part in parts]),
        [fault for part in parts for fault in part.faults],
    )


def slices(frames: pl.DataFrame) -> list[pl.DataFrame]:
    return list(frames.iter_slices(FRAMES)) or [frames]


def said(frames: pl.DataFrame) -> Heard:
    """What some frames say."""
    heard = messages(frames)
    refused = [*heard.faults, *untold(heard.rows, frames)]
    return Heard(changes(heard.rows), last_trades(heard.rows), endings(heard.rows), refused)


TOPS = (
    "token_id", "condition_id", "row", "message_no", "ts_recv", "ts_event", "bid", "ask", "bid_size", "ask_size", "mid", "near_1c",
    "near_2c", "near_5c", "verify_status", "mirror_ok",
)  # fmt: skip


def events(ops: pl.DataFrame) -> pl.DataFrame:
    """Every change of every book, as it was said."""
    return ops.select(
        "row", "message_no", "part", "ts_recv", "ts_event", token_id=pl.col("token_id"), condition_id="market",
        kind=pl.when(pl.col("op") == CLEAR).then(pl.lit("BOOK")).otherwise(pl.lit("LEVEL")),
        side=pl.when(pl.col("op") == LEVEL).then(pl.col("side").replace_strict({0: "BUY", 1: "SELL"}, return_dtype=pl.String)),
        price=pl.when(pl.col("op") == LEVEL).then(pl.col("tick") * MILLIONTHS),
        size=pl.when(pl.col("op") == LEVEL).then("size"),
    ).with_row_index("place").with_columns(pl.col("place").cast(pl.Int64)).drop("part")  # fmt: skip


def forgotten(ops: pl.DataFrame, homes: pl.DataFrame, silence: pl.DataFrame) -> pl.DataFrame:
    """The changes, and with every gap that no book outlives it."""
    zero = pl.lit(0, pl.Int64)
    marks = homes.join(silence.select("ts_start", "ts_end"), how="cross").select(
        row=pl.lit(-1, pl.Int64), message_no=zero, part=zero, ts_recv=pl.col("ts_start") + pl.duration(nanoseconds=1, time_unit="ns"), ts_event=pl.lit(None, coverage.TIME),
        market="market", token_id=pl.col("token_id"), op=pl.lit(FORGET, pl.Int8), side=pl.lit(0, pl.Int8), tick=zero, size=zero,
        said_bid=pl.lit(-1, pl.Int64), said_ask=pl.lit(-1, pl.Int64),
    )  # fmt: skip
    ordered = list(ops.columns)
    return pl.concat(
        [ops.with_columns(pl.col("ts_recv").cast(coverage.TIME)), marks.select(ordered)],
        how="vertical_relaxed",
    )


def numbered(ops: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    """The changes market by market, each with the place of its token among the two of its market; a third token stands alone."""
    tokens = homes.with_columns(market=pl.coalesce("market", "token_id")).sort("market", "token_id")
    places = tokens.with_columns(nth=pl.int_range(pl.len()).over("market")).with_columns(
        pair=pl.struct("market", pl.col("nth") // 2).rank("dense").cast(pl.Int64),
        which=(pl.col("nth") % 2).cast(pl.Int8),
    )
    return (
        ops.join(places.drop("market", "nth"), on="token_id", how="left", maintain_order="left")
        .sort("pair", "ts_recv", "row", "message_no", "which", "part", "op", maintain_order=True)
        .with_columns(ends=ends("which").cast(pl.Int8) + ends().cast(pl.Int8))
    )


def ends(*more: str) -> pl.Expr:
    """Whether the next change is of another message, or of something else that is named."""
    of = ("pair", "row", "message_no", "ts_recv", *more)
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift(-1) for name in of)
    return ~same.fill_null(value=False)


def best_levels(ops: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row whenever a token's best levels or what is to be thought of them changed; and what changed no book."""
    rows = ops.height
    out, verdict, mirror, changed = np.zeros((rows, stepping.WIDTH), np.int64), *np.zeros((3, rows), np.int8)
    pair = ops["pair"].to_numpy()
    start = np.append(np.flatnonzero(np.diff(pair, prepend=-1)), rows).astype(np.int64)
    column = {
        name: np.ascontiguousarray(ops[name].to_numpy())
        for name in ("which", "op", "side", "tick", "size", "ends")
    }
    said = np.ascontiguousarray(ops.select("said_bid", "said_ask").to_numpy())
    stepping.step(
        start, column["which"], column["op"], column["side"], column["tick"], column["size"], said, column["ends"], out, verdict, mirror, changed
    )  # fmt: skip
    told = np.flatnonzero(changed)
    return shown(ops[told], out[told], verdict[told], mirror[told]), ignored(ops, verdict)


def shown(ops: pl.DataFrame, out: Ints, verdict: Bytes, mirror: Bytes) -> pl.DataFrame:
    """Rows of the kernel in dollars; a book that is not known shows no prices."""
    numbers = pl.DataFrame(
        out, schema=["bid", "ask", "bid_size", "ask_size", "near_1c", "near_2c", "near_5c"]
    )
    verdicts = pl.Series(VERDICTS).gather(verdict).alias("verify_status")
    is_known = pl.col("verify_status").is_in(["UNVERIFIABLE", "MATCH", "MISMATCH"])
    bid, ask = (pl.when(pl.col(side) >= 0).then(pl.col(side) * MILLIONTHS) for side in ("bid", "ask"))
    shown_only = [
        pl.when(is_known).then(name).alias(name)
        for name in ("bid_size", "ask_size", "near_1c", "near_2c", "near_5c")
    ]
    return (
        ops.select("token_id", "row", "message_no", "ts_recv", "ts_event", condition_id="market")
        .hstack([*numbers, verdicts, pl.Series(MIRRORS, dtype=pl.Boolean).gather(mirror).alias("mirror_ok")])
        .with_columns(
            pl.when(is_known).then(bid).alias("bid"), pl.when(is_known).then(ask).alias("ask"), *shown_only
        )
        .with_columns(mid=(pl.col("bid") + pl.col("ask")) // 2)
        .sort("token_id", "ts_recv", "row", "message_no")
    )
