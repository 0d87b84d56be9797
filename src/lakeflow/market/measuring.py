"""One pass over the order records of an instrument: its books kept, and all that is measured of them written down."""

import numpy as np

from lakeflow.market.bands import measure_bands
from lakeflow.market.compiled import kernel, rare, tiny
from lakeflow.market.consolidated import is_sum, pour
from lakeflow.market.following import follow
from lakeflow.market.happening import begin, end, note_move
from lakeflow.market.index import ask_for_entry, ask_for_order, book_of
from lakeflow.market.kernel import AHEAD, DONE, FAR, NEAR, NO_BOOK, NO_ORDER
from lakeflow.market.machine import ONE, ZERO, address, prefetch
from lakeflow.market.memory import memory_of
from lakeflow.market.meter import (
    CLOCK,
    FILLS_USED,
    JUMPED,
    LAST_FLAGS,
    MAIN,
    MINUTE_ENDS,
    NEVER,
    OPEN,
    SECOND,
    TOLD_SUSPECT,
    TRADES_USED,
    VENUES,
    gauge_of,
)
from lakeflow.market.quality import settle_jump, watch_clock
from lakeflow.market.records import F_LAST, FLAGS_SHIFT, HEAD, ID, KEY_SHIFT, RECEIVED, TAIL, WORDS
from lakeflow.market.seconds import close_second, note_wrong, turn_minute
from lakeflow.market.sheets import paper_of
from lakeflow.market.showing import tell_trades
from lakeflow.market.state import BOOK, CHANGED, ORDERS_LIVE, STOPPED, SUSPECT, TOLD
from lakeflow.market.telling import tables_of, tell_touch

NO_ROOM = np.uint64(3)  # for what the event under way has to remember


@kernel
def measure(records, rows, start, state, meter, told, sheets):
    """Apply the records from `start` on and say how far it came; `rows` has the number of each.

    It stops early as a replay does, with the reason in `state.counts[STOPPED]`.
    """
    memory, words, numbers = memory_of(state), address(records), address(rows)
    gauge, paper, out = gauge_of(meter), paper_of(sheets), tables_of(told)
    end_at = np.uint64(len(records)) // WORDS
    name, book = ZERO - ONE, ZERO
    memory.counts[STOPPED] = DONE
    main = np.uint64(gauge.now[MAIN])
    # Levels outside a window may be needed for the sum of the books too.
    most = memory.index_mask >> (ONE + ONE if is_sum(memory, main) else ONE)
    for n in range(start, end_at):
        at = n * WORDS
        if words[at + HEAD] >> KEY_SHIFT != name:
            name = words[at + HEAD] >> KEY_SHIFT
            book = book_of(memory, name)
            if book + ONE == ZERO:
                memory.counts[STOPPED] = NO_BOOK
                return n
        lacking = lack(memory, gauge, most)
        if lacking != DONE:
            memory.counts[STOPPED] = lacking
            return n
        prefetch(words, at + AHEAD)
        ask_for_entry(memory, book, words[min(n + FAR, end_at - ONE) * WORDS + ID])
        ask_for_order(memory, book, words[min(n + NEAR, end_at - ONE) * WORDS + ID])
        received = np.int64(words[at + RECEIVED])
        gauge.now[CLOCK] = max(gauge.now[CLOCK], received)
        if gauge.now[CLOCK] >= gauge.now[MINUTE_ENDS]:
            turn_minute(gauge, paper)
        is_last = (words[at + TAIL] >> FLAGS_SHIFT) & F_LAST != ZERO
        if gauge.now[OPEN] == 0:
            begin(memory, gauge, is_last, words, n, end_at, paper)
        wrong, cause = follow(memory, gauge, book, words, at, numbers[n])
        if wrong != ZERO:
            note_wrong(gauge, wrong, numbers[n])
        note_move(memory, gauge, cause)
        watch_clock(memory, gauge, book, words, at, wrong)
        if is_last:
            end(memory, gauge, words, at, numbers[n], paper)
            if gauge.now[VENUES] != 0:
                tell_venue(memory, book, words, at, np.uint64(numbers[n]), out)
    return end_at


@tiny
def lack(memory, gauge, most):
    """What there is no room for, before another record is applied."""
    if memory.counts[ORDERS_LIVE] >= most:
        return NO_ORDER
    if gauge.now[FILLS_USED] == gauge.fill_room or gauge.now[TRADES_USED] == gauge.trade_room:
        return NO_ROOM
    return DONE


@rare
def tell_venue(memory, book, words, at, number, out):
    """The best of one publisher, when it or its being suspect has changed."""
    suspect = memory.books[book * BOOK + SUSPECT] + 1
    new = memory.books[book * BOOK + TOLD] != suspect
    memory.books[book * BOOK + TOLD] = suspect
    tell_touch(memory, book, words, at, number, out, new)


@kernel
def close(state, meter, sheets):
    """Write down the second and the minute under way; an event that has not ended is none, but its trades are."""
    memory, gauge, paper = memory_of(state), gauge_of(meter), paper_of(sheets)
    if gauge.now[TRADES_USED] != 0:
        suspect = max(gauge.now[TOLD_SUSPECT], np.int64(0))
        tell_trades(gauge, paper, suspect, gauge.now[LAST_FLAGS])
    if gauge.now[JUMPED] != NEVER:
        settle_jump(gauge)
    if gauge.now[SECOND] != NEVER:
        if gauge.now[OPEN] == 0:
            measure_bands(memory, gauge)
            close_second(gauge, gauge.flows, paper)
        else:
            close_second(gauge, gauge.saved, paper)
    turn_minute(gauge, paper)


@kernel
def gather(state, main):
    """Fill the sum of the books with what rests in each; any level may differ from what the one book showed last."""
    memory = memory_of(state)
    for book in range(main):
        pour(memory, book, main, 1)
    memory.books[main * BOOK + CHANGED] = 2**32 - 1
