"""Books that stand at a day's end, which the next day goes on from: nobody sends them again while a connection lasts."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl

from lakeflow.vendors.polymarket import resting
from lakeflow.vendors.polymarket.belonging import Belonging
from lakeflow.vendors.polymarket.changes import ASK, BID, CLEAR, LEVEL, MILLIONTHS, NOT_SAID, SHAPE
from lakeflow.vendors.polymarket.compiled import Ints
from lakeflow.vendors.polymarket.sorting import ROOM, Sorting

CARRIED = -2  # the row of what no message of the day says
SIDES = {"bid": BID, "ask": ASK}
LISTS = [f"{side}_{what}" for side in SIDES for what in ("prices", "sizes")]
ORDER = ("rank", "side", "tick")


class Standing:
    """The levels that rest in each book when all of its changes are over, and of each known book the tick of no level."""

    def __init__(self, room: int = ROOM) -> None:
        self._levels = Sorting(ORDER, 1, room)
        self.close = self._levels.close

    def add(self, left: Ints, tokens: Ints, ranks: Ints) -> None:
        """Take what rests: the number of the token within `tokens`, then side, tick and size."""
        if not left.size:
            return
        token = tokens[left[:, 0]]
        columns = {
            "rank": ranks[token],
            "token": token,
            **dict(zip(("side", "tick", "size"), left.T[1:], strict=True)),
        }
        self._levels.add(pl.DataFrame(columns))

    def books(self, belonging: Belonging) -> Iterator[pl.DataFrame]:
        """A row a book, the best level of each side first."""
        names = pl.Series(list(belonging.homes))
        homes = pl.Series(list(belonging.homes.values()), dtype=pl.String)
        for part in self._levels.rows():
            whole = part.group_by("rank", "token", maintain_order=True).agg(*sides()).sort("rank")
            yield whole.select(
                names.gather(whole["token"]).alias("token_id"),
                homes.gather(whole["token"]).alias("condition_id"),
                *LISTS,
            )


def sides() -> Iterator[pl.Expr]:
    rests = pl.col("tick") > resting.NOTHING
    for name, side in SIDES.items():
        own = (pl.col("side") == side) & rests
        best_first = {"descending": side == BID}
        yield (pl.col("tick").filter(own).sort(**best_first) * MILLIONTHS).alias(f"{name}_prices")
        yield (
            pl.col("size")
            .filter(own)
            .sort_by(pl.col("tick").filter(own), **best_first)
            .alias(f"{name}_sizes")
        )


def rest(levels: resting.Levels) -> Ints:
    """What rests in the books of one market."""
    left = np.empty((2 + np.count_nonzero(levels.sizes), 4), np.int64)
    return left[: resting.rest(*levels[:3], left)]


def as_changes(books: pl.DataFrame, dt: date) -> pl.DataFrame:
    """Books that stood at midnight as the changes that make them, before all that the day says."""
    at = pl.lit(dt).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")
    nothing = {name: pl.lit(NOT_SAID) for name in ("said_bid", "said_ask")}
    told = books.select(
        "token_id",
        *LISTS,
        row=CARRIED,
        message_no=0,
        ts_recv=at,
        ts_event=None,
        market="condition_id",
        **nothing,
    )
    begun = told.drop(LISTS).with_columns(part=-1, op=CLEAR, side=BID, tick=0, size=0)
    parts = [begun]
    for name, side in SIDES.items():
        levels = told.filter(pl.col(f"{name}_prices").list.len() > 0).explode(
            f"{name}_prices", f"{name}_sizes"
        )
        ticks = pl.col(f"{name}_prices") // MILLIONTHS
        parts.append(levels.with_columns(part=0, op=LEVEL, side=side, tick=ticks, size=f"{name}_sizes"))
    shaped = [part.select(pl.col(name).cast(dtype) for name, dtype in SHAPE.items()) for part in parts]
    return pl.concat(shaped)
