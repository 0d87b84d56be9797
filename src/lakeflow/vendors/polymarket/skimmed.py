"""Price changes of frames in the shape that nearly all have, without a decoder; the frames of any other shape beside them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.vendors.polymarket import leveling, skimming
from lakeflow.vendors.polymarket.changes import DIGITS, LEVEL, SHAPE, TIME
from lakeflow.vendors.polymarket.compiled import Ints, Raw
from lakeflow.vendors.polymarket.messages import condition
from lakeflow.vendors.polymarket.naming import NAME, named

NANOS = 1_000_000  # of a millisecond
TOKEN = slice(skimming.VALUES, skimming.VALUES + 2)
TOLD = TOKEN.stop  # rows of the kernel that are wanted when its values are numbers


class Skimmed(NamedTuple):
    """Changes in capture order, and the frames that nobody has read yet."""

    ops: pl.DataFrame
    rest: pl.DataFrame


def skimmed(frames: pl.DataFrame) -> Skimmed:
    """The changes of frames that are one message of the present shape, which is the same as what a decoder makes of them."""
    spoken = frames.select((pl.col("parse_status") == "MESSAGE") & pl.col("frame").is_not_null()).to_series()
    asked = frames.filter(spoken)
    if asked.is_empty():
        return Skimmed(pl.DataFrame(schema=SHAPE), frames)
    text, start = as_bytes(asked["frame"])
    is_read = np.zeros(asked.height, np.int8)
    market, millis = np.zeros((2, asked.height), np.int64), np.zeros(asked.height, np.int64)
    room = (skimming.WIDTH, text.size // skimming.SHORTEST + 1)
    values = np.empty(
        room, np.int64, order="F"
    )  # the values of a change lie side by side, as they are written
    rows = skimming.skim(text, start, is_read, market, millis, values)
    level, good = np.empty((leveling.WIDTH, rows), np.int64), np.zeros(rows, np.int8)
    leveling.levels(text, values[skimming.VALUES :], rows, level, good)
    is_read[values[skimming.FRAME, :rows][good == 0]] = 0  # a message is read whole or not at all
    token, tokens = named(text, *values[TOKEN, :rows])
    is_read[values[skimming.FRAME, :rows][~tokens.str.contains(DIGITS).to_numpy()[token]]] = 0
    values = values[:TOLD, :rows]
    if (odd := is_read[values[skimming.FRAME]] == 0).any():
        values, level, token = values[:, ~odd], level[:, ~odd], token[~odd]
    ops = shaped(of_frames(asked, text, market, millis), values, level, tokens.cast(NAME).gather(token))
    left = spoken.to_numpy().copy()
    left[left] = is_read == 0
    return Skimmed(ops, frames.filter(~spoken | pl.Series(left)))


def in_order(skimmed_ops: Sequence[pl.DataFrame], decoded_ops: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Changes in capture order, each of the two having it: no frame has changes in both."""
    both = [pl.concat(ops) for ops in (skimmed_ops, decoded_ops)]
    some = [ops for ops in both if ops.height] or both[:1]
    if len(some) == 1:
        return some[0]
    rows = pl.concat(some, rechunk=True)  # rows are taken from one chunk in a third of the time
    return rows[np.argsort(rows["row"].to_numpy(), kind="stable")]


def as_bytes(texts: pl.Series) -> tuple[Raw, Ints]:
    """Texts one after another, and where each begins."""
    array = texts.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, text = array.buffers()
    start = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    return np.frombuffer(text, np.uint8) if text is not None else np.empty(0, np.uint8), start


def of_frames(frames: pl.DataFrame, text: Raw, market: Ints, millis: Ints) -> pl.DataFrame:
    """What each frame says once for all of its changes."""
    home, homes = named(text, market[0], market[1])
    return frames.select("row", "ts_recv").with_columns(
        ts_event=pl.Series(millis * NANOS).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"),
        market=homes.to_frame("market")
        .select(condition(pl.col("market")).cast(NAME))
        .to_series()
        .gather(home),
    )


def shaped(of_frame: pl.DataFrame, values: Ints, level: Ints, tokens: pl.Series) -> pl.DataFrame:
    """Rows of the kernel in the columns of changes."""
    columns = {name: pl.Series(level[at]) for name, at in COLUMNS.items()}
    found: pl.DataFrame = (
        of_frame[values[skimming.FRAME]]
        .with_columns(part=pl.Series(values[skimming.PART]), **columns)
        .with_columns(message_no=0, op=LEVEL, token_id=tokens, ts_recv=pl.col("ts_recv").cast(TIME))
        .select(pl.col(name).cast(dtype) for name, dtype in SHAPE.items())
    )
    return found


COLUMNS = {
    "side": leveling.BUYS, "tick": leveling.AT, "size": leveling.SHARES, "said_bid": leveling.SAID_BID, "said_ask": leveling.SAID_ASK,
}  # fmt: skip
