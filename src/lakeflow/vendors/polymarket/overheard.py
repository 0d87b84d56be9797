"""What several heard alike: a message that two recorders had, and what a recorder and the archive had, in other text.

The n-th of a content here is the n-th there. Contents are known by two hashes of 64 bits, so that a day's are sorted in little room.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from lakeflow.vendors.polymarket.compiled import Bytes
from lakeflow.vendors.polymarket.hearing import Heard
from lakeflow.vendors.polymarket.sorting import ROOM, Sorting

TRADE = ("token_id", "ts_event", "side", "price", "size", "transaction")
CHANGE = ("token_id", "ts_event", "op", "side", "tick", "size", "said_bid", "said_ask")
SEEDS = {"one": 0, "two": 1}
OWN, ARCHIVE = "a recorder", "the archive"  # in the order of who is believed
HASHED = (*SEEDS, "who", "place")


class Contents:
    """What each of several heard, by its hashes; `places` are the rows' own numbers."""

    def __init__(self, room: int = ROOM) -> None:
        self._sorting = Sorting(HASHED, 2, room)
        self.close = self._sorting.close

    def add(self, rows: pl.DataFrame, content: tuple[str, ...], who: pl.Expr, place: pl.Expr) -> None:
        said = pl.struct(content) if len(content) > 1 else pl.col(content[0])
        hashes = {name: said.hash(seed) for name, seed in SEEDS.items()}
        self._sorting.add(rows.select(**hashes, who=who.cast(pl.String), place=place.cast(pl.Int64)))

    def repeats(self, count: int, who: str | None = None) -> Bytes:
        """For each of so many places whether another had it before, the lowest place or the lowest name; of one's own, if asked."""
        out = np.zeros(count, np.int8)
        for part in self._sorting.rows():
            nth = part.with_columns(nth=pl.int_range(pl.len()).over(*SEEDS, "who"))
            before = "place" if who is None else "who"
            again = nth.filter(pl.col(before) > pl.col(before).min().over(*SEEDS, "nth"))
            told = again if who is None else again.filter(pl.col("who") == who)
            out[told["place"].to_numpy()] = 1
        return out


def recorders(frames: pl.LazyFrame) -> int:
    """How many captures there are."""
    count: int = frames.select(pl.col("capture_id").n_unique()).collect(engine="streaming").item()
    return count


def heard_twice(parts: Iterable[pl.DataFrame], count: int, room: int = ROOM) -> Bytes:
    """For each of so many frames whether it is a message that another recorder has had before."""
    contents = Contents(room)
    try:
        for frames in parts:
            spoken = frames.filter(pl.col("parse_status") == "MESSAGE")
            contents.add(spoken, ("frame",), pl.col("capture_id"), pl.col("row"))
        return contents.repeats(count)
    finally:
        contents.close()


class Both:
    """What the recorders and the archive heard of changes and of trades."""

    def __init__(self, room: int = ROOM) -> None:
        self._contents = {CHANGE: Contents(room), TRADE: Contents(room)}
        self._count = dict.fromkeys(self._contents, 0)
        self._known: dict[tuple[str, ...], Bytes] = {}

    def close(self) -> None:
        for contents in self._contents.values():
            contents.close()

    def own(self, said: Heard) -> None:
        """Take what the recorders heard."""
        self._add(said, OWN, {CHANGE: 0, TRADE: 0})

    def theirs(self, said: Heard) -> None:
        """Take what the archive heard, in the order in which it will be asked for what of it is new."""
        self._add(said, ARCHIVE, self._count)
        for content, rows in tables(said).items():
            self._count[content] += rows.height

    def _add(self, said: Heard, who: str, first: Mapping[tuple[str, ...], int]) -> None:
        for content, rows in tables(said).items():
            place = first[content] + pl.int_range(pl.len())
            self._contents[content].add(rows, content, pl.lit(who), place)

    def new(self, said: Heard) -> Heard:
        """What of this no recorder had."""
        if not self._known:
            self._known = {c: each.repeats(self._count[c], ARCHIVE) for c, each in self._contents.items()}
            self._count = dict.fromkeys(self._contents, 0)
        new = {content: self._unknown(content, rows) for content, rows in tables(said).items()}
        return said._replace(ops=new[CHANGE], trades=new[TRADE])

    def _unknown(self, content: tuple[str, ...], rows: pl.DataFrame) -> pl.DataFrame:
        begin = self._count[content]
        self._count[content] += rows.height
        return rows.filter(pl.Series(self._known[content][begin : begin + rows.height] == 0))


def tables(said: Heard) -> dict[tuple[str, ...], pl.DataFrame]:
    return {CHANGE: said.ops, TRADE: said.trades}
