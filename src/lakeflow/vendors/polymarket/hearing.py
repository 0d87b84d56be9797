"""What some frames say: changes of levels, trades, endings, and what of them is none."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.archive import as_frames
from lakeflow.vendors.polymarket.beside import bad_levels, endings, last_trades, untold
from lakeflow.vendors.polymarket.changes import changes
from lakeflow.vendors.polymarket.messages import messages
from lakeflow.vendors.polymarket.skimmed import in_order, skimmed

FRAMES = 32_768  # read at a time: what they say takes some times the room of their text
AT_ONCE = 8_192  # skimmed at a time: their text is still near when its values are read


class Heard(NamedTuple):
    """What frames say, without the frames, in capture order."""

    ops: pl.DataFrame
    trades: pl.DataFrame
    endings: pl.DataFrame
    faults: list[faults.Fault]


def heard(frames: pl.DataFrame) -> Heard:
    """What some frames say; a change that is no level of any book is a fault."""
    quick = [skimmed(some) for some in frames.iter_slices(AT_ONCE)] or [skimmed(frames)]
    rest = pl.concat([each.rest for each in quick])
    told = messages(rest)
    ops = in_order([each.ops for each in quick], [changes(told.rows)])
    good = ops.select(pl.all_horizontal(pl.col("token_id", "side", "tick", "size").is_not_null())).to_series()
    refused = [*told.faults, *untold(told.rows, rest)]
    if not good.all():
        refused += bad_levels(ops.filter(~good), frames)
        ops = ops.filter(good)
    return Heard(ops, last_trades(told.rows), endings(told.rows), refused)


def parts(rows: pl.LazyFrame, size: int = FRAMES) -> Iterator[pl.DataFrame]:
    """Some rows at a time."""
    count = rows.select(pl.len()).collect().item()
    for begin in range(0, count, size):
        yield rows.slice(begin, size).collect()


def archived_frames(archived: pl.LazyFrame, after: int, size: int = FRAMES) -> Iterator[pl.DataFrame]:
    """Rows of the archive as frames, numbered on from the day's own."""
    for rows in whole_instants(parts(archived, size)):
        yield as_frames(rows, after)


def whole_instants(some: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Rows put together so that those of one instant, which may be of one message, are not apart."""
    held: list[pl.DataFrame] = []
    for rows in some:
        last = rows["ts_recv"][-1]
        if rows["ts_recv"][0] == last:
            if held and held[-1]["ts_recv"][-1] != last:
                yield pl.concat(held, rechunk=True)
                held = []
            held.append(rows)
            continue
        is_last = rows["ts_recv"] == last
        yield pl.concat([*held, rows.filter(~is_last)], rechunk=True)
        held = [rows.filter(is_last)]
    if held:
        yield pl.concat(held, rechunk=True)
