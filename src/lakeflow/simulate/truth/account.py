"""An independent account of one instrument's day: fed its records, it tells the silver tables without their flags."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import polars as pl

from lakeflow.simulate.compiled import kernel, piece
from lakeflow.simulate.plain import (
    ADD,
    ASK,
    BID,
    CANCEL,
    MODIFY,
    NO_PRICE,
    Longs,
    Number,
    Record,
    Rows,
    plain,
)
from lakeflow.simulate.truth.desk import (
    FILLS,
    LEVELS,
    NEVER,
    NOBODY,
    PIECE,
    PLACES,
    SEEN,
    TOLD,
    TRADES,
    VENUES,
    WIDTHS,
    Desk,
    Desks,
    fresh_desk,
)
from lakeflow.simulate.truth.following import follow
from lakeflow.simulate.truth.frames import frame
from lakeflow.simulate.truth.levels import best
from lakeflow.simulate.truth.seconds import end_second
from lakeflow.simulate.truth.strange import MINUTE, end_minute
from lakeflow.simulate.truth.telling import end_event, tell_trades
from lakeflow.vendors.databento.codes import F_LAST

Tables = dict[str, pl.DataFrame]


class Account:
    """One instrument, at all its publishers; chunks may be cut anywhere.

    `tick` is its price increment in 1e-9; `leveled` asks for ten levels after every event too, the table `mbp`.
    """

    def __init__(self, tick: int, *, leveled: bool = False) -> None:
        self._desk = fresh_desk(tick, leveled=leveled)
        self._told = np.zeros(1, TOLD)
        self._publishers: set[int] = set()

    def follow(self, rows: Rows, numbers: Longs) -> Tables:
        """What the next records of the instrument make known; `numbers` is each record's place in the whole delivery."""
        edges = [*range(0, len(rows), PIECE), len(rows)]
        pieces = [self._piece(plain(rows[a:b]), numbers[a:b]) for a, b in pairwise(edges)]
        return together(pieces)

    def finish(self) -> Tables:
        """What the end of the day makes known; an event that has not ended counts for its trades alone."""
        _finish(self._desk, self._told)
        return self._tables()

    def _piece(self, rows: Rows, numbers: Longs) -> Tables:
        self._refuse_what_does_not_fit(rows)
        _tell(rows, numbers, self._desk, self._told)
        return self._tables()

    def _refuse_what_does_not_fit(self, rows: Rows) -> None:
        self._publishers.update(np.unique(rows["publisher_id"]).tolist())
        desk, more = self._desk[0], len(rows)
        for what, found, room in (
            ("publishers", len(self._publishers), VENUES),
            ("orders", desk["live"] + more, PLACES // 2),
            ("levels of a side", max(desk["used"]) + more, LEVELS),
            ("trades of an event", desk["trades_used"] + more, TRADES),
            ("fills of an event", desk["fills_used"] + more, FILLS),
        ):
            if found > room:
                raise ValueError(
                    f"an account has room for {room} {what}, and {found} may come: this is no market"
                )

    def _tables(self) -> Tables:
        told = self._told[0]
        counts = dict(zip(WIDTHS, told["used"].tolist(), strict=True))
        return {name: frame(name, told[name][:rows]) for name, rows in counts.items()}


def together(pieces: Iterable[Tables]) -> Tables:
    """Tables put one after the other."""
    found: dict[str, list[pl.DataFrame]] = {name: [] for name in WIDTHS}
    for tables in pieces:
        for name, rows in tables.items():
            found[name].append(rows)
    return {name: pl.concat(rows) for name, rows in found.items() if rows}


def account(rows: Rows, tick: int, instrument_id: int) -> Tables:
    """The whole truth of an instrument of a day that fits into memory."""
    whole = Account(tick)
    numbers = np.flatnonzero(rows["instrument_id"] == instrument_id)
    return together([whole.follow(rows[numbers], numbers), whole.finish()])


@kernel
def _tell(rows: Rows, numbers: Longs, desks: Desks, tolds: Desks) -> None:
    """Follow the records; what they make known is written over what was told before."""
    desk, told = desks[0], tolds[0]
    for table in range(len(told.used)):
        told.used[table] = 0
    for n in range(len(rows)):
        row = rows[n]
        if is_repeat(desk, row):
            continue
        desk.clock, desk.number = max(desk.clock, np.int64(row.ts_recv)), numbers[n]
        if desk.clock // MINUTE * MINUTE != desk.minute:
            end_minute(desk, told)
        if desk.is_open == 0:
            desk.is_open, desk.bid, desk.ask = 1, best(desk, BID), best(desk, ASK)
        before = (best(desk, BID), best(desk, ASK))
        cause = follow(desk, row, numbers[n], venue_of(desk, row.publisher_id))
        note_move(desk, before, cause)
        if row.flags & F_LAST != 0:
            end_event(desk, row, numbers[n], told)


@piece
def venue_of(desk: Desk, publisher: Number) -> Number:
    """The place of a publisher, given to it when it is first met."""
    venue = 0
    while desk.venues[venue] != NOBODY and desk.venues[venue] != publisher:
        venue += 1
    desk.venues[venue] = publisher
    return venue


@piece
def is_repeat(desk: Desk, row: Record) -> Number:
    """Whether the file has just said the very same; trades and fills may be alike."""
    if (row.action != ADD and row.action != CANCEL and row.action != MODIFY) or row.order_id == 0:  # noqa: PLR1714  numba compares numbers
        return False
    for n in range(SEEN):
        one = desk.seen[n]
        if (
            one[0] == row.order_id
            and one[1] == row.ts_event
            and one[2] == row.sequence
            and one[3] == row.action
            and np.int64(one[4]) == row.price
            and one[5] == row.size
            and one[6] == row.publisher_id
        ):
            return True
    one = desk.seen[desk.seen_used % SEEN]
    one[0], one[1], one[2], one[3] = row.order_id, row.ts_event, row.sequence, row.action
    one[4], one[5], one[6] = np.uint64(row.price), row.size, row.publisher_id
    desk.seen_used += 1
    return False


@piece
def note_move(desk: Desk, before: tuple[Number, Number], cause: Number) -> None:
    """Give a change of the mid to its cause; while a side is empty the last two-sided mid counts, and coming back is a reset."""
    bid, ask = best(desk, BID), best(desk, ASK)
    if NO_PRICE in (bid, ask):
        return
    half = bid // desk.tick + ask // desk.tick
    was_whole = before[0] != NO_PRICE and before[1] != NO_PRICE
    if desk.has_half != 0 and half != desk.half:
        desk.moved[cause if was_whole else 4] += half - desk.half
    desk.half, desk.has_half = half, 1


@kernel
def _finish(desks: Desks, tolds: Desks) -> None:
    desk, told = desks[0], tolds[0]
    for table in range(len(told.used)):
        told.used[table] = 0
    tell_trades(desk, told)
    if desk.second != NEVER:
        end_second(desk, told)
    end_minute(desk, told)
