"""An event from its first record to its last: what stood before it, what moved the mid, and what is told when it ends."""

import numpy as np

from lakeflow.market.bands import measure_bands
from lakeflow.market.compiled import piece, rare, tiny
from lakeflow.market.machine import ONE, ZERO
from lakeflow.market.meter import (
    BACKWARDS,
    BAD_CLOCK,
    BEST_ASK,
    BEST_BID,
    CLOCK,
    DIRTY,
    ENDED_AT,
    EVENTS,
    FILLS_FIRST,
    FILLS_USED,
    FLOWS,
    FROM,
    HALF,
    HAS_HALF,
    HAS_RESET,
    HAS_TOLD_HALF,
    IN_SNAPSHOT,
    JUMPED,
    LAST_FLAGS,
    LAST_RECEIVED,
    LAST_ROW,
    MAIN,
    NEVER,
    OPEN,
    RESET,
    SECOND,
    SECOND_ENDS,
    SETTLES,
    SHOWN,
    SIDE,
    TAKEN,
    TOLD_HALF,
    TOLD_SUSPECT,
    TOUCH_ASK,
    TOUCH_BID,
    TRADES_USED,
    TWO_SIDED,
    WAITED,
)
from lakeflow.market.quality import SECOND_NS, TWO_SECONDS, flags_of, half_ticks, settle_jump, watch_touch
from lakeflow.market.records import F_LAST, FLAGS_SHIFT, RECEIVED, TAIL, UNDEF_PRICE, WORDS
from lakeflow.market.seconds import close_second, open_second
from lakeflow.market.showing import CAUSES, any_suspect, show, tell_move, tell_quotes, tell_trades


@tiny
def begin(memory, gauge, is_last, words, n, end_at, paper):
    """Note what an event finds. A second that is over by now is written down while its depths still stand."""
    gauge.now[OPEN] = 1
    image = np.uint64(gauge.now[MAIN]) * SHOWN
    gauge.now[BEST_BID], gauge.now[BEST_ASK] = memory.image[image], memory.image[image + SIDE]
    is_over = gauge.now[SECOND] != NEVER and gauge.now[CLOCK] >= gauge.now[SECOND_ENDS]
    if not is_over and (is_last or is_seen_to_end(gauge, words, n, end_at)):
        return
    measure_bands(memory, gauge)
    if is_over:
        close_second(gauge, gauge.flows, paper)
    save_flows(gauge)


@rare
def is_seen_to_end(gauge, words, n, end_at):
    """Whether the records at hand show that the event ends in the second under way, whose depths nobody will ask for then."""
    while n < end_at and np.int64(words[n * WORDS + RECEIVED]) < gauge.now[SECOND_ENDS]:
        if (words[n * WORDS + TAIL] >> FLAGS_SHIFT) & F_LAST != ZERO:
            return True
        n += ONE
    return False


@piece
def save_flows(gauge):
    """Keep the flows as they are: the event may end in a later second, and all that it does belongs there."""
    for n in range(FLOWS):
        gauge.saved[n] = gauge.flows[n]


@piece
def note_move(memory, gauge, cause):
    """Give a change of the mid to what brought it about; a side that empties or fills again is no mover."""
    image = np.uint64(gauge.now[MAIN]) * SHOWN
    bid, ask = memory.image[image], memory.image[image + SIDE]
    if bid == gauge.now[TOUCH_BID] and ask == gauge.now[TOUCH_ASK]:
        return
    gauge.now[TOUCH_BID], gauge.now[TOUCH_ASK] = bid, ask
    was_whole, is_whole = gauge.now[TWO_SIDED] != 0, bid != UNDEF_PRICE and ask != UNDEF_PRICE
    gauge.now[TWO_SIDED] = np.int64(is_whole)
    if is_whole:
        half = half_ticks(gauge, bid, ask)
        if gauge.now[HAS_HALF] != 0:
            gauge.now[FROM + (cause if was_whole else RESET)] += half - gauge.now[HALF]
        gauge.now[HALF], gauge.now[HAS_HALF] = half, 1


@tiny
def settle_mid(gauge):
    """Moves are from one two-sided mid at the end of an event to the next: what only showed between has moved nothing."""
    is_whole, had = gauge.now[TWO_SIDED] != 0, gauge.now[HAS_TOLD_HALF] != 0
    if not (is_whole and had):
        for cause in range(CAUSES):
            gauge.now[FROM + cause] = 0
    if is_whole:
        gauge.now[TOLD_HALF], gauge.now[HAS_TOLD_HALF] = gauge.now[HALF], 1
    else:
        gauge.now[HALF], gauge.now[HAS_HALF] = gauge.now[TOLD_HALF], gauge.now[HAS_TOLD_HALF]


@tiny
def end(memory, gauge, words, at, row, paper):
    """Tell what an event changed, in the second in which it ends."""
    if gauge.now[SECOND] == NEVER:
        open_second(gauge)
    elif gauge.now[CLOCK] >= gauge.now[SECOND_ENDS]:
        close_second(gauge, gauge.saved, paper)
        open_second(gauge)
    if gauge.now[JUMPED] != NEVER and gauge.now[CLOCK] >= gauge.now[JUMPED] + TWO_SECONDS:
        settle_jump(gauge)
    tell_levels(memory, gauge, words, at, row, paper)
    gauge.now[WAITED] = max(gauge.now[WAITED], gauge.now[CLOCK] - gauge.now[ENDED_AT])
    gauge.now[ENDED_AT] = gauge.now[CLOCK]
    gauge.now[EVENTS] += 1
    gauge.now[LAST_ROW], gauge.now[LAST_RECEIVED] = row, np.int64(words[at + RECEIVED])
    settle_mid(gauge)
    tell_move(gauge, words, at, row, paper)
    for mark in (OPEN, HAS_RESET, FILLS_FIRST, FILLS_USED, BACKWARDS, BAD_CLOCK, IN_SNAPSHOT):
        gauge.now[mark] = 0


@tiny
def tell_levels(memory, gauge, words, at, row, paper):
    """Compare the levels with what was shown, and write what differs; then the trades, with the flags of the event."""
    main = np.uint64(gauge.now[MAIN])
    suspect = any_suspect(memory)
    touch, deep = show(memory, gauge, main)
    if gauge.now[IN_SNAPSHOT] != 0:
        gauge.now[TAKEN], gauge.now[SETTLES] = gauge.now[CLOCK], gauge.now[CLOCK] + 5 * SECOND_NS
    news = suspect != gauge.now[TOLD_SUSPECT]
    if not (deep or news or gauge.now[TRADES_USED] != 0):
        return
    gauge.now[TOLD_SUSPECT] = suspect
    if touch:
        watch_touch(gauge, gauge.shown[0], gauge.shown[SIDE])
    flags = flags_of(gauge, words, at, suspect != 0)
    if deep or news:
        gauge.now[DIRTY], gauge.now[LAST_FLAGS] = 1, flags
        tell_quotes(gauge, words, at, row, paper, touch or news, suspect, flags)
    if gauge.now[TRADES_USED] != 0:
        tell_trades(gauge, paper, suspect, flags)
