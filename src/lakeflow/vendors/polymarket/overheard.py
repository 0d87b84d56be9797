"""What several connections told alike, of one recorder or of several, and the archive: a message by what it means, in whatever text.

The n-th of a content here is the n-th there. Contents are known by two hashes of 64 bits, so that a day's are sorted in little room.
"""

from datetime import timedelta

import numpy as np
import polars as pl

from lakeflow.vendors.polymarket.changes import CLEAR, NOT_SAID, TIME
from lakeflow.vendors.polymarket.compiled import Bytes
from lakeflow.vendors.polymarket.hearing import Heard
from lakeflow.vendors.polymarket.naming import spelled
from lakeflow.vendors.polymarket.sorting import ROOM, Sorting

CONTENT = {
    "ops": ("token_id", "ts_event", "op", "side", "tick", "size", "said_bid", "said_ask", "whole"),
    "trades": ("token_id", "ts_event", "side", "price", "size", "transaction"),
    "endings": ("condition_id", "ts_event", "winning_token_id"),
}
SEEDS = {"one": 0, "two": 1}
HASHED = (*SEEDS, "at", "who", "place")
SKEW = timedelta(minutes=5)  # clocks of recorders and the ways to them differ by less
# A book is sent again to whoever connects: the same one, much later, is another message.
BOOK_AGAIN = 60 * 10**9
OF = ["capture_id", "conn_id"]


class Repeats:
    """What all connections told; `new` is what of it no other had told, asked in the order in which it was added."""

    def __init__(self, lines: pl.DataFrame, room: int = ROOM) -> None:
        self._lines = lines
        self._contents = {name: Sorting(HASHED, 2, room) for name in CONTENT}
        self._count = dict.fromkeys(CONTENT, 0)
        self._known: dict[str, Bytes] = {}

    def close(self) -> None:
        for contents in self._contents.values():
            contents.close()

    def add(self, frames: pl.DataFrame, said: Heard) -> None:
        """Take what some frames say."""
        who = frames.select("row", *OF).join(self._lines, on=OF, how="left", maintain_order="left")
        for name, content in CONTENT.items():
            rows = meant(said) if name == "ops" else getattr(said, name)
            self._contents[name].add(self._hashed(rows, content, who, self._count[name]))
            self._count[name] += rows.height

    def _hashed(
        self, rows: pl.DataFrame, content: tuple[str, ...], who: pl.DataFrame, first: int
    ) -> pl.DataFrame:
        """Hashes of rows with who told them: what says no time of its own is told alike by recorders alone."""
        line = pl.when(pl.col("ts_event").is_null()).then("recorder").otherwise("line")
        is_book = pl.col("whole") != 0 if "whole" in content else pl.lit(value=False)
        said = pl.struct(content)
        return rows.join(who.select("row", "line", "recorder"), on="row", how="left", maintain_order="left").select(
            **{name: said.hash(seed) for name, seed in SEEDS.items()},
            at=pl.col("ts_recv").cast(TIME).dt.epoch("ns"), who=line, place=first + pl.int_range(pl.len()), is_book=is_book,
        )  # fmt: skip

    def new(self, said: Heard) -> Heard:
        """What of this no other connection had told before."""
        if not self._known:
            self._known = {name: again(self._contents[name], self._count[name]) for name in CONTENT}
            self._count = dict.fromkeys(CONTENT, 0)
        new = {name: self._unknown(name, getattr(said, name)) for name in CONTENT}
        return said._replace(ops=new["ops"], trades=new["trades"], endings=new["endings"])

    def _unknown(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        begin = self._count[name]
        self._count[name] += rows.height
        return rows.filter(pl.Series(self._known[name][begin : begin + rows.height] == 0))


def again(contents: Sorting, count: int) -> Bytes:
    """For each of so many rows whether another connection had told it before."""
    out = np.zeros(count, np.int8)
    since = pl.col("at") - pl.col("at").shift(1).over(*SEEDS, "nth")
    for part in contents.rows():
        nth = part.with_columns(nth=pl.int_range(pl.len()).over(*SEEDS, "who"))
        told = nth.filter(since.is_not_null() & (~pl.col("is_book") | (since <= BOOK_AGAIN)))
        out[told["place"].to_numpy()] = 1
    return out


def meant(said: Heard) -> pl.DataFrame:
    """Changes, those of a whole book with a number of all of it: two books that are not the same have nothing in common."""
    spoken = said.ops.with_columns(
        token_id=spelled(said.ops["token_id"])
    )  # the number of a name is no part of what is said
    begun = spoken.filter(pl.col("op") == CLEAR).select("row", "message_no", is_book=True)
    if begun.is_empty():
        return spoken.with_columns(whole=pl.lit(0, pl.UInt64))
    ops = spoken.join(begun.unique(), on=["row", "message_no"], how="left", maintain_order="left")
    level = pl.struct("token_id", "ts_event", "op", "side", "tick", "size").hash(2)
    whole = pl.when("is_book").then(level.sum().over("row", "message_no") | 1).otherwise(pl.lit(0, pl.UInt64))
    best = [
        pl.when("is_book").then(NOT_SAID).otherwise(name).alias(name) for name in ("said_bid", "said_ask")
    ]
    return ops.with_columns(*best, whole=whole)


def lines(frames: pl.LazyFrame, archive: tuple[str, str] | None) -> pl.DataFrame:
    """A number for each connection, and one for all of a recorder; none if no two of them were there at the same time."""
    at = pl.col("ts_recv")
    spans = frames.group_by(OF).agg(first=at.min(), last=at.max()).collect(engine="streaming")
    found = spans.sort("first", *OF)
    overlap = found.select((pl.col("first") <= pl.col("last").cum_max().shift(1) + SKEW).any()).item()
    if not overlap and not (archive and found.height):
        return found.clear().select(*OF, line=pl.lit(0), recorder=pl.lit(0))
    own = found.select(OF).sort(OF).rows()
    every = pl.DataFrame(
        [*own, *([archive] if archive else [])], schema=dict.fromkeys(OF, pl.String), orient="row"
    )
    numbered = every.unique(maintain_order=True).with_row_index("line")
    return numbered.with_columns(recorder=pl.col("line").min().over("capture_id"))
