"""A day's captured messages as tables: every change, the best levels with their verdict, gaps, last trades and endings."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import date
from typing import NamedTuple

import polars as pl

from lakeflow.vendors.polymarket import coverage, faults, overheard
from lakeflow.vendors.polymarket.belonging import Belonging
from lakeflow.vendors.polymarket.beside import levels_astray
from lakeflow.vendors.polymarket.booked import Booked
from lakeflow.vendors.polymarket.changes import CLEAR, LEVEL, MILLIONTHS
from lakeflow.vendors.polymarket.compiled import Bytes
from lakeflow.vendors.polymarket.doubts import Doubts
from lakeflow.vendors.polymarket.hearing import FRAMES, Heard, archived_frames, heard, parts
from lakeflow.vendors.polymarket.sorting import ROOM, Sorting

VERDICTS = ("NOT_BEGUN", "UNVERIFIABLE", "MATCH", "MISMATCH", "CROSSED", "FORGOTTEN")
MIRRORS = (None, True, False)
TOPS = (
    "token_id", "condition_id", "row", "message_no", "ts_recv", "ts_event", "bid", "ask", "bid_size", "ask_size", "mid", "near_1c",
    "near_2c", "near_5c", "verify_status", "mirror_ok",
)  # fmt: skip
Tables = dict[str, pl.DataFrame]


class Sizes(NamedTuple):
    """How much of a day is held at a time: frames, and bytes of what is sorted. No table depends on it."""

    frames: int = FRAMES
    room: int = ROOM


class Replay:
    """What is known of a day while its frames are heard, those of the recorders before those of the archive."""

    def __init__(self, silent_s: int, sizes: Sizes) -> None:
        self.belonging = Belonging()
        self.listening = coverage.Listening(silent_s)
        self.booked = Booked(self.belonging, sizes.room)
        self.refused = Sorting(faults.ORDER, len(faults.ORDER), sizes.room)
        self._events = 0

    def close(self) -> None:
        self.booked.close()
        self.refused.close()

    def take(self, frames: pl.DataFrame, said: Heard) -> Tables:
        """The rows of what some frames say."""
        self.listening.add(frames)
        kept, astray = self.belonging.meet(said.ops)
        self.booked.add(kept)
        if found := [*said.faults, *levels_astray(astray, frames)]:
            self.refused.add(faults.timed(faults.quarantine(found)))
        told = events(kept, self._events)
        self._events += told.height
        return {"book_events": told, "last_trades": said.trades, "endings": said.endings}

    def end(self, dt: date) -> Iterator[Tables]:
        """What is known when all was heard."""
        silence, doubts = self.listening.gaps(dt), Doubts()
        self.booked.forget(silence)
        for rows in self.booked.tops():
            states = shown(rows, self.belonging)
            doubts.add(states)
            yield {"book_tops": states.filter(pl.col("lost") == 0).select(TOPS)}
        yield {"book_gaps": pl.concat([silence, doubts.gaps(dt)]).sort("token_id", "ts_start", "reason")}
        yield from ({"frame_quarantine": rows.drop("at")} for rows in self.refused.rows())


def replayed(
    frames: pl.LazyFrame, archived: pl.LazyFrame, dt: date, silent_s: int, sizes: Sizes | None = None
) -> Iterator[Tables]:
    """Every table of a day of capture, some rows at a time; nothing is repaired, and what cannot be believed says so."""
    sizes = sizes or Sizes()
    count = frames.select(pl.len()).collect().item()
    has_archive = archived.select(pl.len()).collect().item() > 0
    with closing(Replay(silent_s, sizes)) as replay, ExitStack() as stack:
        both = stack.enter_context(closing(overheard.Both(sizes.room))) if has_archive and count else None
        for part in own_parts(frames, count, sizes):
            said = heard(part.filter(~part["is_repeat"]))
            if both:
                both.own(said)
            yield replay.take(part.drop("is_repeat"), said)
        for part, said in archived_parts(archived, count, sizes, both):
            yield replay.take(part, said)
        yield from replay.end(dt)


def own_parts(frames: pl.LazyFrame, count: int, sizes: Sizes) -> Iterator[pl.DataFrame]:
    """The recorders' frames, and of each whether another recorder had it before."""
    twice: Bytes | None = None
    if overheard.recorders(frames) > 1:
        twice = overheard.heard_twice(parts(frames, sizes.frames), count, sizes.room)
    for part in parts(frames, sizes.frames):
        is_repeat = pl.Series("is_repeat", [False]).new_from_index(0, part.height)
        yield part.with_columns(
            is_repeat if twice is None else pl.Series("is_repeat", twice[part["row"]] == 1)
        )


def archived_parts(
    archived: pl.LazyFrame, count: int, sizes: Sizes, both: overheard.Both | None
) -> Iterator[tuple[pl.DataFrame, Heard]]:
    """The archive's frames, and what they say that no recorder had; to know that, they are heard twice."""
    if both:
        for part in archived_frames(archived, count, sizes.frames):
            both.theirs(heard(part))
    for part in archived_frames(archived, count, sizes.frames):
        said = heard(part)
        yield part, both.new(said) if both else said


def events(ops: pl.DataFrame, before: int) -> pl.DataFrame:
    """Every change of every book, as it was said."""
    return ops.select(
        "row", "message_no", "ts_recv", "ts_event", token_id=pl.col("token_id"), condition_id="market",
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
        )
        .with_columns(**sides, **sizes, condition_id=pl.when("is_named").then("home"))
        .with_columns(mid=(pl.col("bid") + pl.col("ask")) // 2)
    )  # fmt: skip
