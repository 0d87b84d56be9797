"""Price changes of frames in the shape that nearly all have, without a decoder; the frames of any other shape beside them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.vendors.polymarket import skimming
from lakeflow.vendors.polymarket.changes import LEVEL, SHAPE, TIME
from lakeflow.vendors.polymarket.compiled import Ints, Raw
from lakeflow.vendors.polymarket.messages import condition
from lakeflow.vendors.polymarket.naming import named

SHORTEST = 50  # bytes of a change are more than this
NANOS = 1_000_000  # of a millisecond


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
    out = np.empty((skimming.WIDTH, text.size // SHORTEST + 1), np.int64)
    rows = skimming.skim(text, start, is_read, market, millis, out)
    ops = shaped(asked, text, market, millis, out[:, :rows])
    left = spoken.to_numpy().copy()
    left[left] = is_read == 0
    return Skimmed(ops, frames.filter(~spoken | pl.Series(left)))


def in_order(skimmed_ops: Sequence[pl.DataFrame], decoded_ops: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Changes in capture order, each of the two having it: no frame has changes in both."""
    both = [pl.concat(ops) for ops in (skimmed_ops, decoded_ops)]
    some = [ops for ops in both if ops.height] or both[:1]
    return pl.concat(some).sort("row", maintain_order=True) if len(some) > 1 else some[0]


def as_bytes(texts: pl.Series) -> tuple[Raw, Ints]:
    """Texts one after another, and where each begins."""
    array = texts.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, text = array.buffers()
    start = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    return np.frombuffer(text, np.uint8) if text is not None else np.empty(0, np.uint8), start


def shaped(frames: pl.DataFrame, text: Raw, market: Ints, millis: Ints, out: Ints) -> pl.DataFrame:
    """Rows of the kernel in the columns of changes."""
    token, tokens = named(text, out[skimming.NAME], out[skimming.NAME_END])
    home, homes = named(text, market[0], market[1])
    frame = out[skimming.FRAME]
    of_frame = frames.select("row", "ts_recv").with_columns(
        ts_event=pl.Series(millis * NANOS).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"),
        market=homes.to_frame("market").select(condition(pl.col("market"))).to_series().gather(home),
    )
    columns = {name: out[at] for name, at in COLUMNS.items()}
    return (
        of_frame[frame]
        .with_columns(**{name: pl.Series(values) for name, values in columns.items()})
        .with_columns(message_no=0, op=LEVEL, token_id=tokens.gather(token), ts_recv=pl.col("ts_recv").cast(TIME))
        .select(pl.col(name).cast(dtype) for name, dtype in SHAPE.items())
    )


COLUMNS = {
    "part": skimming.PART, "side": skimming.BUYS, "tick": skimming.AT, "size": skimming.SHARES, "said_bid": skimming.SAID_BID,
    "said_ask": skimming.SAID_ASK,
}  # fmt: skip
