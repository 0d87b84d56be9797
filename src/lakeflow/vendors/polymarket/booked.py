"""Changes of levels as books, market by market: they wait sorted in little room, and a book goes on from one part to the next."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lakeflow.vendors.polymarket import coverage, resting, stepping
from lakeflow.vendors.polymarket.belonging import Belonging
from lakeflow.vendors.polymarket.changes import FORGET, LEVEL, NOT_SAID, TIME
from lakeflow.vendors.polymarket.compiled import Bytes, Ints
from lakeflow.vendors.polymarket.naming import NAME, numbered
from lakeflow.vendors.polymarket.sorting import ROOM, Sorting
from lakeflow.vendors.polymarket.standing import CARRIED, Standing, rest

ORDER = ("pair", "ts_recv", "row", "message_no", "which", "part", "op")
MESSAGE = 4  # columns of the order that are one message's
TOLD = ("token", "ts_recv", "row", "message_no", "ts_event", "is_named")
STATE = ("bid", "ask", "bid_size", "ask_size", "near_1c", "near_2c", "near_5c")
Flags = NDArray[np.bool_]
NO_PAIR = -1
AT_ONCE = 1 << 17  # changes that are stepped through at a time
AFTER_ALL = 2**62  # a row after all of an instant
TOPS = ("rank", "ts_recv", "row", "message_no")


class Booked:
    """The changes of a day; `tops` are what they did to the best levels of each token."""

    def __init__(self, belonging: Belonging, room: int = ROOM) -> None:
        self._belonging = belonging
        self._ops = Sorting(ORDER, MESSAGE, room)
        self._tops = Sorting(TOPS, len(TOPS), room)
        self.standing = Standing(room)

    def close(self) -> None:
        self._ops.close()
        self._tops.close()
        self.standing.close()

    def add(self, ops: pl.DataFrame) -> None:
        """Take changes of tokens that have been met, in capture order."""
        if ops.is_empty():
            return
        token, pair, which = self._placed(ops["token_id"])
        compact = ops.select(
            pl.Series("pair", pair), pl.col("ts_recv").cast(TIME), "row", pl.col("message_no").cast(pl.Int32), pl.Series("which", which),
            pl.col("part").cast(pl.Int32), pl.col("op").cast(pl.Int8), pl.Series("token", token), pl.col("side").cast(pl.Int8),
            pl.col("tick", "said_bid", "said_ask").cast(pl.Int32), "size", pl.col("ts_event").cast(TIME),
            is_named=pl.col("market").is_not_null(),
        )  # fmt: skip
        self._ops.add(by_token(compact))

    def forget(self, given_up: Mapping[str, Sequence[int]], silence: pl.DataFrame) -> None:
        """After these instants a token's book is not known, nor is any after a wipe of all, a gap without a length."""
        homes = pl.DataFrame(
            {"token_id": list(self._belonging.homes), "market": list(self._belonging.homes.values())},
            schema={"token_id": pl.String, "market": pl.String},
        )
        every = silence.filter(
            pl.col("token_id") == coverage.EVERY_TOKEN, pl.col("ts_start") == pl.col("ts_end")
        )
        shape: dict[str, Any] = {"token_id": pl.String, "ts_start": pl.List(pl.Int64)}
        told = (
            pl.DataFrame(list(given_up.items()), schema=shape, orient="row").explode("ts_start").drop_nulls()
        )
        own = told.join(homes, on="token_id", how="inner").select(
            "token_id", "market", pl.from_epoch("ts_start", "ns").dt.replace_time_zone("UTC")
        )
        for gaps in [*(homes.with_columns(ts_start=begins) for begins in every["ts_start"]), own]:
            marks = gaps.select(
                pl.col("token_id", "market").cast(NAME),
                ts_recv=pl.col("ts_start").cast(TIME) + pl.duration(nanoseconds=1, time_unit="ns"), row=pl.lit(-1, pl.Int64),
                message_no=pl.lit(0, pl.Int64), part=0, op=FORGET, side=0, tick=0, said_bid=NOT_SAID, said_ask=NOT_SAID, size=pl.lit(0, pl.Int64),
                ts_event=pl.lit(None, TIME),
            )  # fmt: skip
            self.add(marks)

    def _placed(self, names: pl.Series) -> tuple[Ints, Ints, Ints]:
        """The number of each token, and the place of its book."""
        number, few = numbered(names)
        at = np.array([self._belonging.tokens[name] for name in few], np.int32).reshape(-1, 3)
        token, pair, which = at[number].T
        return np.ascontiguousarray(token), np.ascontiguousarray(pair), which.astype(np.int8)

    def tops(self) -> Iterator[pl.DataFrame]:
        """States by token and time; behind those of an instant, how many changes of it were `lost` since no book was known."""
        ranks = self._belonging.ranks()
        for part in self._stepped(ranks):
            self._tops.add(part.with_columns(pl.Series("rank", ranks[part["token"].to_numpy()])))
        yield from self._tops.rows()

    def _stepped(self, ranks: Ints) -> Iterator[pl.DataFrame]:
        """A row whenever a token's best levels or what is to be thought of them changed, and what was lost; what rests is kept."""
        numbers, books, levels, last = self._belonging.numbers(), stepping.empty(), resting.empty(), NO_PAIR
        for ops in (some for part in self._ops.rows() for some in by_markets(part)):
            pair = ops["pair"].to_numpy()
            start = np.append(np.flatnonzero(np.diff(pair, prepend=NO_PAIR)), ops.height).astype(np.int64)
            if pair[0] != last:
                self.standing.add(rest(levels), numbers[last], ranks)
                books, levels = stepping.empty(), resting.empty()
            last = int(pair[-1])
            states, left = step(ops, start, books, levels)
            self.standing.add(left, numbers[pair[start[:-1]]].ravel(), ranks)
            yield states
        self.standing.add(rest(levels), numbers[last], ranks)


def by_markets(ops: pl.DataFrame, most: int = AT_ONCE) -> Iterator[pl.DataFrame]:
    """Changes of whole markets, so many at a time that what they do to their books takes little room; more of a market that has more."""
    begins = np.flatnonzero(np.diff(ops["pair"].to_numpy(), prepend=NO_PAIR))
    cuts = begins[np.diff(begins // most, prepend=-1) > 0]
    for begin, end in pairwise([*cuts, ops.height]):
        yield ops.slice(begin, end - begin)


def by_token(ops: pl.DataFrame) -> pl.DataFrame:
    """Changes in capture order, those of a message token by token."""
    is_new = (ops["row"] != ops["row"].shift(1)) | (ops["message_no"] != ops["message_no"].shift(1))
    key = is_new.fill_null(value=True).cum_sum().cast(pl.Int64).to_numpy() * 2 + ops["which"].to_numpy()
    return ops if (np.diff(key) >= 0).all() else ops[np.argsort(key, kind="stable")]


def step(
    ops: pl.DataFrame, start: Ints, books: stepping.Books, levels: resting.Levels
) -> tuple[pl.DataFrame, Ints]:
    """States of some changes, and what rests in the books of markets that are over."""
    rows = ops.height
    out, verdict, mirror, changed, again = (
        np.empty((rows, stepping.WIDTH), np.int64),
        *np.zeros((4, rows), np.int8),
    )
    left = np.empty((rows + 2 * start.size + np.count_nonzero(levels.sizes), 4), np.int64)
    ends_token, ends_message = ends(ops, "which"), ends(ops)
    end = ends_token.astype(np.int8) + ends_message
    which, op, side, tick, size, said_bid, said_ask = (
        ops[name].to_numpy() for name in ("which", "op", "side", "tick", "size", "said_bid", "said_ask")
    )
    stepping.step(
        start, which, op, side, tick, size, said_bid, said_ask, end, *books, out, verdict, mirror, changed
    )
    count = resting.keep(start, which, op, side, tick, size, end, verdict, *levels, again, left)
    told = np.flatnonzero((changed == 1) & (ops["row"].to_numpy() != CARRIED))
    thought = {"verdict": verdict, "mirror": mirror, "again": again}
    states = ops[told].select(TOLD).hstack(
        [*pl.DataFrame(out[told], schema=STATE), *(pl.Series(name, each[told]) for name, each in thought.items())]
    )  # fmt: skip
    every = [states.with_columns(lost=pl.lit(0, pl.UInt32)), lost(ops, verdict, ends_token)]
    return pl.concat(every, how="diagonal"), left[:count]


def ends(ops: pl.DataFrame, *more: str) -> Flags:
    """Whether the next change is of another message, or of something else that is named."""
    is_last = np.zeros(ops.height, np.bool_)
    is_last[-1] = True
    for name in ("pair", "ts_recv", "row", "message_no", *more):
        values = ops[name].to_physical().to_numpy()
        is_last[:-1] |= values[1:] != values[:-1]
    return is_last


def lost(ops: pl.DataFrame, verdict: Bytes, is_last: Flags) -> pl.DataFrame:
    """How many changes of each token came, and when, while its book was not known; a message's verdict is that of its last change."""
    last = np.flatnonzero(is_last)
    of_message = np.repeat(verdict[last], np.diff(last, prepend=-1))
    is_lost = (ops["op"].to_numpy() == LEVEL) & (of_message == stepping.NOT_BEGUN)
    named = ops.select("token", "ts_recv").filter(pl.Series(is_lost, dtype=pl.Boolean))
    return named.group_by("token", "ts_recv", maintain_order=True).agg(lost=pl.len()).with_columns(
        row=pl.lit(AFTER_ALL, pl.Int64), message_no=pl.lit(0, pl.Int32)
    )  # fmt: skip
