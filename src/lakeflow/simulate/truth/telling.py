"""What an event tells when it ends, and a second when it is over, as rows of the silver tables."""

from lakeflow.simulate.compiled import piece
from lakeflow.simulate.plain import ASK, BID, NO_PRICE, Number, Record
from lakeflow.simulate.truth.desk import (
    BBO,
    MBP,
    MOVED,
    NEVER,
    TRADE_COLUMNS,
    TRADED,
    VENUES,
    Desk,
    Told,
)
from lakeflow.simulate.truth.levels import best, read_bands, read_sums, read_ten
from lakeflow.simulate.truth.seconds import copy, end_second

SECOND = 1_000_000_000


@piece
def end_event(desk: Desk, row: Record, number: Number, told: Told) -> None:
    """Tell what an event changed, in the second in which it ends."""
    second = desk.clock // SECOND * SECOND
    if second != desk.second:
        end_second(desk, told)
        desk.second = second
    suspect = any_suspect(desk)
    read_ten(desk, desk.fresh)
    if desk.is_reset == 0:
        add_imbalance(desk)
    is_news = suspect != desk.told_suspect
    touch, deep = differences(desk)
    desk.told_suspect = suspect
    copy(desk.fresh, desk.shown)
    if touch or is_news:
        tell_touch(desk, row, number, told)
    if deep or is_news:
        desk.is_dirty = 1
        if desk.is_leveled != 0:
            tell_levels(desk, row, number, told)
    tell_trades(desk, told)
    settle_mid(desk)
    tell_move(desk, row, number, told)
    for n in range(10):
        desk.imbalance[10 + n] += desk.shown[10 + n] + desk.shown[40 + n]
    add_flows(desk)
    read_bands(desk, desk.tick, desk.bands)
    read_sums(desk, desk.sums)
    if desk.ended != NEVER:
        desk.waited = max(desk.waited, desk.clock - desk.ended)
    desk.ended = desk.clock
    desk.events += 1
    desk.last_row, desk.last_received = number, row.ts_recv
    if desk.is_snapshot != 0:
        desk.taken = desk.clock
    desk.is_open, desk.is_reset, desk.is_snapshot, desk.fills_used = 0, 0, 0, 0


@piece
def any_suspect(desk: Desk) -> Number:
    """Whether a gap makes any publisher's book doubtful."""
    for venue in range(VENUES):
        if desk.suspect[venue] != 0:
            return 1
    return 0


@piece
def add_flows(desk: Desk) -> None:
    """Give the flows of an event to the second in which it ends."""
    for band in range(6):
        for what in range(8):
            desk.of_second[band, what] += desk.of_event[band, what]
            desk.of_event[band, what] = 0


@piece
def differences(desk: Desk) -> tuple[Number, Number]:
    """Whether a first level differs from what was shown last, and whether any of ten does."""
    touch, deep = False, False
    for n in range(60):
        if desk.fresh[n] != desk.shown[n]:
            deep = True
            touch = touch or n % 10 == 0
    return touch, deep


@piece
def add_imbalance(desk: Desk) -> None:
    """Level by level what came less what went, of bids less asks; a level that is not there is the worst there can be."""
    for n in range(10):
        for side in (BID, ASK):
            at = side * 30 + n
            new, old = worth(side, desk.fresh[at]), worth(side, desk.shown[at])
            came = desk.fresh[at + 10] if new >= old else 0
            went = desk.shown[at + 10] if new <= old else 0
            desk.imbalance[n] += came - went if side == BID else went - came


@piece
def worth(side: Number, price: Number) -> Number:
    """A number that grows as the price gets better for the other side."""
    if price == NO_PRICE:
        return -NO_PRICE
    return price if side == BID else -price


@piece
def tell_touch(desk: Desk, row: Record, number: Number, told: Told) -> None:
    line = told.bbo[told.used[BBO]]
    told.used[BBO] += 1
    line[0], line[1], line[2] = number, row.ts_recv, row.ts_event
    for n in range(6):
        line[3 + n] = desk.shown[n * 10]
    line[9], line[10] = desk.second, desk.told_suspect


@piece
def tell_levels(desk: Desk, row: Record, number: Number, told: Told) -> None:
    line = told.mbp[told.used[MBP]]
    told.used[MBP] += 1
    line[0], line[1], line[2] = number, row.ts_recv, row.ts_event
    for n in range(60):
        line[3 + n] = desk.shown[n]
    line[63] = desk.told_suspect


@piece
def tell_trades(desk: Desk, told: Told) -> None:
    """The trades of the event, or of one that never ends."""
    for n in range(desk.trades_used):
        line = told.trades[told.used[TRADED]]
        told.used[TRADED] += 1
        for column in range(TRADE_COLUMNS):
            line[column] = desk.trades[n, column]
        line[TRADE_COLUMNS] = max(desk.told_suspect, 0)
    desk.trades_used = 0


@piece
def settle_mid(desk: Desk) -> None:
    """A mid is judged where an event ends: without one here or before, nothing has moved."""
    is_whole = best(desk, BID) != NO_PRICE and best(desk, ASK) != NO_PRICE
    if not is_whole or desk.has_told_half == 0:
        for cause in range(5):
            desk.moved[cause] = 0
    if is_whole:
        desk.told_half, desk.has_told_half = desk.half, 1
    desk.half, desk.has_half = desk.told_half, desk.has_told_half


@piece
def tell_move(desk: Desk, row: Record, number: Number, told: Told) -> None:
    """What moved the mid in the event, if anything did."""
    whole, is_moved = 0, False
    for cause in range(5):
        whole += desk.moved[cause]
        is_moved = is_moved or desk.moved[cause] != 0
    if not is_moved:
        return
    line = told.moves[told.used[MOVED]]
    told.used[MOVED] += 1
    line[0], line[1], line[2] = number, row.ts_recv, row.ts_event
    line[3] = whole
    for cause in range(5):
        line[4 + cause] = desk.moved[cause]
        desk.moved[cause] = 0
    line[9] = desk.second
