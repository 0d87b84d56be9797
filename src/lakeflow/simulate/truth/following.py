"""What one record does to the book, and what is noted of it: lots that came and went, and what may move the mid."""

import numpy as np

from lakeflow.simulate.compiled import piece
from lakeflow.simulate.plain import (
    ADD,
    ASK,
    BID,
    BUY,
    CANCEL,
    CLEAR,
    FILL,
    MODIFY,
    NO_PRICE,
    TRADE,
    Number,
    Record,
)
from lakeflow.simulate.truth.desk import (
    ADDED,
    BY_ADD,
    BY_CANCEL,
    BY_MODIFY,
    BY_RESET,
    BY_TRADE,
    CANCELLED,
    FILLED,
    IMPLICIT_CLEAR,
    MAYBE_BAD_BOOK,
    MODIFIED,
    NEVER,
    NOBODY,
    TIMES,
    UNKNOWN_CANCEL,
    Desk,
)
from lakeflow.simulate.truth.levels import band_of, shift
from lakeflow.simulate.truth.resting import clear, find, put, remove
from lakeflow.simulate.truth.strange import note, note_cancel, note_change
from lakeflow.simulate.truth.trading import note_fill, note_trade
from lakeflow.vendors.databento.codes import F_MAYBE_BAD_BOOK, F_SNAPSHOT

DAY = 86_400_000_000_000


@piece
def follow(desk: Desk, row: Record, number: Number, venue: Number) -> Number:
    """Do what a record says; the cause of a move of the mid that it may bring comes back."""
    cause = BY_RESET
    if row.action == CLEAR:
        start_again(desk, venue)
        desk.snapshot_day[venue] = np.int64(row.ts_recv) // DAY
    elif row.action == TRADE:
        note_trade(desk, row, number)
    elif row.action == FILL:
        note_fill(desk, row, venue)
    elif row.action == ADD or row.action == CANCEL or row.action == MODIFY:  # noqa: PLR1714  numba compares numbers
        is_snapshot = row.flags & F_SNAPSHOT != 0
        if not (is_snapshot and row.action == ADD):
            desk.snapshot_day[venue] = NEVER
        elif desk.snapshot_day[venue] != np.int64(row.ts_recv) // DAY:
            start_again(desk, venue)
            note(desk, IMPLICIT_CLEAR)
            desk.snapshot_day[venue] = np.int64(row.ts_recv) // DAY
        cause = change(desk, row, venue, is_snapshot)
        if is_snapshot:
            desk.is_reset, cause = 1, BY_RESET
    if row.flags & F_SNAPSHOT != 0:
        desk.is_snapshot = 1
    if row.flags & F_MAYBE_BAD_BOOK != 0:
        desk.suspect[venue] = 1
        note(desk, MAYBE_BAD_BOOK)
    return cause


@piece
def start_again(desk: Desk, venue: Number) -> None:
    """Empty a publisher's book; nothing is doubtful about an empty one."""
    clear(desk, venue)
    desk.suspect[venue] = 0
    desk.is_reset = 1


@piece
def change(desk: Desk, row: Record, venue: Number, is_quiet: Number) -> Number:
    """Add, cancel or modify; of an order that is not known a cancel is nothing and a modify an add."""
    at = find(desk, venue, row.order_id)
    is_known = desk.venue[at] != NOBODY
    side = BID if row.side == BUY else ASK
    price, size = np.int64(row.price), np.int64(row.size)
    if row.action == CANCEL:
        if not is_known:
            note(desk, UNKNOWN_CANCEL)
            return BY_CANCEL
        note_cancel(desk, at, side, price, size)
        return take(desk, at, min(size, desk.size[at]), False, is_quiet)
    note_change(desk, at, side, row.action == MODIFY, is_known)
    if not is_known:
        come(desk, side, price, size, row.action == MODIFY, is_quiet)
        put(desk, at, venue, row.order_id)
    else:
        was, held = desk.price[at], desk.size[at]
        stays = row.action == MODIFY and desk.side[at] == side and was == price
        if stays and size <= held:
            take(desk, at, held - size, True, is_quiet)
            return BY_MODIFY
        if stays:
            come(desk, side, price, size - held, True, is_quiet)
            shift(desk, side, price, -held, -1)
        else:
            go(desk, desk.side[at], was, held, 0, row.action == MODIFY, is_quiet)
            shift(desk, desk.side[at], was, -held, -1)
            come(desk, side, price, size, row.action == MODIFY, is_quiet)
    shift(desk, side, price, size, 1)
    desk.side[at], desk.price[at], desk.size[at] = side, price, size
    return BY_MODIFY if row.action == MODIFY else BY_ADD


@piece
def take(desk: Desk, at: Number, lots: Number, is_modify: Number, is_quiet: Number) -> Number:
    """Take lots from an order: filled, as far as a fill of it stands in the event, or else cancelled."""
    side, price, held = desk.side[at], desk.price[at], desk.size[at]
    filled = 0 if is_quiet else use_fills(desk, desk.venue[at], desk.ids[at], lots)
    go(desk, side, price, lots, filled, is_modify, is_quiet)
    shift(desk, side, price, -lots, -1 if lots == held else 0)
    desk.size[at] = held - lots
    if lots == held:
        remove(desk, at)
    return BY_TRADE if filled > 0 else BY_CANCEL


@piece
def use_fills(desk: Desk, venue: Number, order_id: Number, lots: Number) -> Number:
    """How many lots the fills of the event account for; each counts once."""
    left = lots
    for n in range(desk.fills_used):
        if desk.fills[n, 0] == venue and desk.fills[n, 1] == order_id:
            used = min(left, np.int64(desk.fills[n, 2]))
            desk.fills[n, 2] -= np.uint64(used)
            left -= used
    return lots - left


@piece
def line_of(desk: Desk, side: Number, price: Number) -> Number:
    """The band that a price lies in, by the best price of its side before the event; beyond all of them -1."""
    best = desk.bid if side == BID else desk.ask
    if best == NO_PRICE:
        return side * 3
    away = best - price if side == BID else price - best
    band = band_of(away, desk.tick)
    return side * 3 + band if band < 3 else -1


@piece
def come(desk: Desk, side: Number, price: Number, lots: Number, is_modify: Number, is_quiet: Number) -> None:
    line = line_of(desk, side, price)
    if line < 0 or is_quiet:
        return
    count(desk, line, ADDED, lots)
    if is_modify:
        count(desk, line, MODIFIED, lots)


@piece
def go(  # noqa: PLR0913  a kernel takes scalars
    desk: Desk, side: Number, price: Number, lots: Number, filled: Number, is_modify: Number, is_quiet: Number
) -> None:
    line = line_of(desk, side, price)
    if line < 0 or is_quiet:
        return
    count(desk, line, FILLED, filled)
    count(desk, line, CANCELLED, lots - filled)
    if is_modify:
        count(desk, line, MODIFIED, lots)


@piece
def count(desk: Desk, line: Number, what: Number, lots: Number) -> None:
    if lots != 0:
        desk.of_event[line, what] += lots
        desk.of_event[line, what + TIMES] += 1
