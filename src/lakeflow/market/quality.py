"""What to know before using a row: flags that remember something, set at the end of an event and never later."""

import numpy as np

from lakeflow.market.anomalies import UNKNOWN_CANCEL, UNKNOWN_MODIFY
from lakeflow.market.compiled import piece, rare
from lakeflow.market.machine import ONE, ZERO
from lakeflow.market.medians import note_second
from lakeflow.market.meter import (
    BACKWARDS,
    BAD_CLOCK,
    CHANGES,
    CLOCK,
    CROSSED_SINCE,
    IN_SNAPSHOT,
    JUMP_BACK,
    JUMP_BASE,
    JUMP_BITS,
    JUMP_MID,
    JUMPED,
    MID_MEDIAN,
    MID_REACH,
    NEVER,
    ORPHANS,
    RING_USED,
    SECOND,
    SETTLES,
    SIDE,
    SPIKED,
    SPREAD_MEDIAN,
    STAYED,
    TICK,
    WAS_ORPHANED,
)
from lakeflow.market.records import (
    ACTION_SHIFT,
    BYTE,
    CANCEL,
    EVENT,
    F_SNAPSHOT,
    FLAGS_SHIFT,
    MODIFY,
    RECEIVED,
    TAIL,
    UNDEF_PRICE,
)
from lakeflow.market.state import BOOK

CROSSED, CROSSED_PERSIST, LOCKED, WIDE_SPREAD, PX_JUMP, PX_MOVE = (1 << n for n in range(6))
SIZE_LARGE, STALE, ONE_SIDED, BAD_BOOK, TS_BACKWARDS, BAD_TS_RECV = (1 << n for n in range(7, 13))
AFTER_SNAPSHOT = 1 << 22

F_BAD_TS_RECV = np.uint64(8)
LATEST = np.uint64(7)  # of a book: when the last event of it happened
MS, SECOND_NS = np.int64(10**6), np.int64(10**9)
TWO_SECONDS = 2 * SECOND_NS
LEAST = 10  # seconds that a median needs


@piece
def watch_clock(memory, gauge, book, words, at, wrong):
    """Note whether the times of a record can be, and whether it changes an order that is not known."""
    flags = (words[at + TAIL] >> FLAGS_SHIFT) & BYTE
    action = (words[at + TAIL] >> ACTION_SHIFT) & BYTE
    gauge.now[CHANGES] += np.int64(action == CANCEL or action == MODIFY)
    gauge.now[ORPHANS] += np.int64(wrong & (UNKNOWN_CANCEL | UNKNOWN_MODIFY) != ZERO)
    gauge.now[BAD_CLOCK] |= np.int64(flags & F_BAD_TS_RECV)
    gauge.now[IN_SNAPSHOT] |= np.int64(flags & F_SNAPSHOT)
    happened = np.int64(words[at + EVENT])
    if flags & F_SNAPSHOT == ZERO and happened >= 0:
        gauge.now[BACKWARDS] |= np.int64(happened < memory.books[book * BOOK + LATEST] - MS)
        memory.books[book * BOOK + LATEST] = happened


@piece
def half_ticks(gauge, bid, ask):
    """Bid plus ask in ticks; between ticks the whole ticks below count."""
    return bid // gauge.now[TICK] + ask // gauge.now[TICK]


@rare
def note_state(gauge):
    """What the last event of a second left behind, for what is normal from now on."""
    bid, ask = gauge.shown[0], gauge.shown[SIDE]
    if bid != UNDEF_PRICE and ask != UNDEF_PRICE:
        spread = (np.uint64(ask) - np.uint64(bid)) // np.uint64(gauge.now[TICK]) if ask > bid else ZERO
        note_second(gauge, half_ticks(gauge, bid, ask), np.int64(spread))


@rare
def settle_jump(gauge):
    """Two seconds after a jump: say whether it was gone again meanwhile, and when that was known, be it in a second without events."""
    known, is_spike = gauge.now[JUMPED] + TWO_SECONDS, gauge.now[JUMP_BACK] != 0
    gauge.now[SPIKED if is_spike else STAYED] = known
    if known >= gauge.now[SECOND]:
        gauge.now[JUMP_BITS] |= PX_JUMP if is_spike else PX_MOVE
    gauge.now[JUMPED], gauge.now[JUMP_BACK] = NEVER, 0


@piece
def watch_touch(gauge, bid, ask):
    """Note since when the book is crossed, and a mid that is not where mids were."""
    whole = bid != UNDEF_PRICE and ask != UNDEF_PRICE
    if not whole or bid <= ask:
        gauge.now[CROSSED_SINCE] = NEVER
    elif gauge.now[CROSSED_SINCE] == NEVER:
        gauge.now[CROSSED_SINCE] = gauge.now[CLOCK]
    if whole and gauge.now[RING_USED] >= LEAST:
        watch_mid(gauge, half_ticks(gauge, bid, ask))


@piece
def watch_mid(gauge, mid):
    """Note a jump away from where mids were, or that four fifths of one are gone."""
    if gauge.now[JUMPED] != NEVER:
        jump, back = gauge.now[JUMP_MID] - gauge.now[JUMP_BASE], gauge.now[JUMP_MID] - mid
        if jump < 0:
            jump, back = -jump, -back
        gauge.now[JUMP_BACK] |= np.int64(back >= jump - jump // 5)
    elif abs(mid - gauge.now[MID_MEDIAN]) > gauge.now[MID_REACH]:
        gauge.now[JUMPED], gauge.now[JUMP_MID] = gauge.now[CLOCK], mid
        gauge.now[JUMP_BASE] = gauge.now[MID_MEDIAN]


@piece
def flags_of(gauge, words, at, suspect):
    """The flags of the event that ends with a record."""
    clock, flags = gauge.now[CLOCK], gauge.now[JUMP_BITS]
    bid, ask, happened = gauge.shown[0], gauge.shown[SIDE], np.int64(words[at + EVENT])
    if bid != UNDEF_PRICE and ask != UNDEF_PRICE:
        flags |= spread_flags(gauge, bid, ask)
    since = gauge.now[CROSSED_SINCE]
    flags |= CROSSED_PERSIST if since != NEVER and clock - since > SECOND_NS else 0
    orphaned = gauge.now[WAS_ORPHANED] != 0 or gauge.now[ORPHANS] * 1000 > gauge.now[CHANGES]
    flags |= BAD_BOOK if suspect or orphaned else 0
    flags |= TS_BACKWARDS if gauge.now[BACKWARDS] != 0 else 0
    flags |= BAD_TS_RECV if gauge.now[BAD_CLOCK] != 0 else 0
    late = happened >= 0 and np.int64(words[at + RECEIVED]) - happened > 5 * SECOND_NS
    flags |= STALE if late and gauge.now[IN_SNAPSHOT] == 0 else 0
    flags |= AFTER_SNAPSHOT if clock < gauge.now[SETTLES] else 0
    return flags


@piece
def spread_flags(gauge, bid, ask):
    """Whether a spread is over ten times what is usual; one tick is the least that is."""
    if ask <= bid:
        return np.int64(0)
    most = 10 * max(np.int64(1), gauge.now[SPREAD_MEDIAN])
    over = (np.uint64(ask) - np.uint64(bid) - ONE) // np.uint64(gauge.now[TICK])
    return np.int64(WIDE_SPREAD if over >= np.uint64(most) else 0)


@rare
def state_flags(gauge):
    """What the best bid and ask show by themselves, for rows that do not hold them."""
    bid, ask = gauge.shown[0], gauge.shown[SIDE]
    if bid == UNDEF_PRICE or ask == UNDEF_PRICE:
        return np.int64(ONE_SIDED)
    return np.int64(CROSSED if bid > ask else (LOCKED if bid == ask else 0))
