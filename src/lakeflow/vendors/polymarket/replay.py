"""A day's captured messages as tables: every change, the best levels with their verdict, gaps, last trades and endings."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import date
from itertools import chain
from typing import NamedTuple

import polars as pl

from lakeflow.vendors.polymarket import archive, coverage, faults, foregone, overheard
from lakeflow.vendors.polymarket.belonging import Belonging
from lakeflow.vendors.polymarket.beside import levels_astray
from lakeflow.vendors.polymarket.booked import Booked
from lakeflow.vendors.polymarket.changes import CHECK, CLEAR, LEVEL, MILLIONTHS
from lakeflow.vendors.polymarket.connections import Connections
from lakeflow.vendors.polymarket.doubts import Doubts, Traded
from lakeflow.vendors.polymarket.hearing import FRAMES, Heard, archived_frames, heard, parts
from lakeflow.vendors.polymarket.naming import spelled
from lakeflow.vendors.polymarket.sorting import ROOM, Sorting
from lakeflow.vendors.polymarket.standing import as_changes

VERDICTS = ("NOT_BEGUN", "UNVERIFIABLE", "MATCH", "MISMATCH", "CROSSED", "FORGOTTEN")
MIRRORS = (None, True, False)
TOPS = (
    "token_id", "condition_id", "row", "message_no", "ts_recv", "ts_event", "bid", "ask", "bid_size", "ask_size", "mid", "near_1c",
    "near_2c", "near_5c", "verify_status", "mirror_ok", "replay_ok",
)  # fmt: skip
Tables = dict[str, pl.DataFrame]
HEARD = (
    "row",
    "ts_recv",
    "capture_id",
    "conn_id",
    "parse_status",
    "frame",
)  # columns of frames that are read
ARCHIVE = (archive.CAPTURE, archive.CAPTURE)


class Day(NamedTuple):
    """A day, after how many seconds a connection is silent or dead, and what the day before left."""

    dt: date
    silent_s: int
    stale_s: int
    books: pl.DataFrame | None = None
    connections: pl.DataFrame | None = None


class Sizes(NamedTuple):
    """How much of a day is held at a time: frames, and bytes of what is sorted. No table depends on it."""

    frames: int = FRAMES
    room: int = ROOM


class Replay:
    """What is known of a day while its frames are heard, those of the recorders before those of the archive."""

    def __init__(self, day: Day, sizes: Sizes) -> None:
        self.belonging = Belonging()
        self.connections = Connections(day.dt, day.connections, day.silent_s, day.stale_s)
        self.booked = Booked(self.belonging, sizes.room)
        self.refused = Sorting(faults.ORDER, len(faults.ORDER), sizes.room)
        self.trades: list[pl.DataFrame] = []
        self._day, self._events = day, 0
        if day.books is not None:
            self.booked.add(self.belonging.meet(as_changes(day.books, day.dt))[0])

    def close(self) -> None:
        self.booked.close()
        self.refused.close()

    def take(self, frames: pl.DataFrame, said: Heard, new: Heard) -> Tables:
        """The rows of what some frames say, of which some is new."""
        self.connections.add(frames, [said.ops, said.trades])
        kept, astray = self.belonging.meet(new.ops)
        self.booked.add(kept)
        if found := [*new.faults, *levels_astray(astray, frames)]:
            self.refused.add(faults.timed(faults.quarantine(found)))
        told = events(kept, self._events)
        self._events += told.height
        self.trades.append(new.trades.select("token_id", "ts_recv"))
        return {"book_events": told, "last_trades": new.trades, "endings": new.endings}

    def end(self) -> Iterator[Tables]:
        """What is known when all was heard."""
        dt = self._day.dt
        marks, doubts = foregone.marks(self.connections, self.belonging.homes), Doubts()
        silence = coverage.gaps(self.connections, dt, marks)
        self.booked.forget(marks, silence)
        traded = Traded(self.trades, self.belonging)
        for rows in self.booked.tops():
            states = shown(rows, self.belonging).pipe(traded.explain)
            doubts.add(states)
            yield {"book_tops": states.filter(pl.col("lost") == 0).select(TOPS)}
        every = coverage.merged(pl.concat([silence, doubts.gaps(dt)]))
        yield {"book_gaps": every.sort("token_id", "ts_start", "reason")}
        yield from ({"standing_books": rows} for rows in self.booked.standing.books(self.belonging))
        yield {"connections": self.connections.kept()}
        yield from ({"frame_quarantine": rows.drop("at")} for rows in self.refused.rows())


def replayed(
    frames: pl.LazyFrame, archived: pl.LazyFrame, day: Day, sizes: Sizes | None = None
) -> Iterator[Tables]:
    """Every table of a day of capture, some rows at a time; nothing is repaired, and what cannot be believed says so."""
    sizes = sizes or Sizes()
    count = frames.select(pl.len()).collect().item()
    has_archive = archived.select(pl.len()).collect().item() > 0
    frames = frames.select(HEARD)
    several = overheard.lines(frames, ARCHIVE if has_archive else None)
    every: Callable[[], Iterator[pl.DataFrame]] = lambda: chain(  # noqa: E731  it is read twice where something is told twice
        parts(frames, sizes.frames), archived_frames(archived, count, sizes.frames)
    )
    with closing(Replay(day, sizes)) as replay, ExitStack() as stack:
        repeats = None
        if several.height:
            repeats = stack.enter_context(closing(overheard.Repeats(several, sizes.room)))
            for part in every():
                repeats.add(part, heard(part))
        for part in every():
            said = heard(part)
            yield replay.take(part, said, repeats.new(said) if repeats else said)
        yield from replay.end()


def events(ops: pl.DataFrame, before: int) -> pl.DataFrame:
    """Every change of every book, as it was said."""
    told = ops.filter(pl.col("op") != CHECK)
    return told.select(
        "row", "message_no", "ts_recv", "ts_event", token_id=spelled(told["token_id"]), condition_id=spelled(told["market"]),
        kind=pl.when(pl.col("op") == CLEAR).then(pl.lit("BOOK")).otherwise(pl.lit("LEVEL")),
        side=pl.when(pl.col("op") == LEVEL).then(pl.col("side").replace_strict({0: "BUY", 1: "SELL"}, return_dtype=pl.String)),
        price=pl.when(pl.col("op") == LEVEL).then(pl.col("tick") * MILLIONTHS),
        size=pl.when(pl.col("op") == LEVEL).then("size"),
    ).with_row_index("place", before).with_columns(pl.col("place").cast(pl.Int64))  # fmt: skip


def shown(rows: pl.DataFrame, belonging: Belonging) -> pl.DataFrame:
    """States of books in dollars; a book that is not known shows no prices."""
    token = rows["token"]
    names = pl.Series(list(belonging.homes)).gather(token)
    homes = pl.Series(list(belonging.homes.values()), dtype=pl.String).gather(token)
    is_known = pl.col("verify_status").is_in(["UNVERIFIABLE", "MATCH", "MISMATCH"])
    sides = {
        side: pl.when(is_known, pl.col(side) >= 0).then(pl.col(side) * MILLIONTHS) for side in ("bid", "ask")
    }
    sizes = {
        name: pl.when(is_known).then(name)
        for name in ("bid_size", "ask_size", "near_1c", "near_2c", "near_5c")
    }
    return (
        rows.with_columns(
            names.alias("token_id"), homes.alias("home"), pl.Series(VERDICTS).gather(rows["verdict"]).alias("verify_status"),
            pl.Series(MIRRORS, dtype=pl.Boolean).gather(rows["mirror"]).alias("mirror_ok"),
            pl.Series(MIRRORS, dtype=pl.Boolean).gather(rows["again"]).alias("replay_ok"),
        )
        .with_columns(**sides, **sizes, condition_id=pl.when("is_named").then("home"))
        .with_columns(pl.col("message_no").cast(pl.Int64), mid=(pl.col("bid") + pl.col("ask")) // 2)
    )  # fmt: skip
