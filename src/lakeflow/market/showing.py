"""What the end of an event shows: levels that differ, imbalance, quotes, trades and moves, written to the sheets."""

import numpy as np

from lakeflow.market.compiled import piece, rare, tiny
from lakeflow.market.image import BITS
from lakeflow.market.machine import FOUR, ONE, THREE, TWO, ZERO, highest
from lakeflow.market.meter import (
    EVENTS,
    FROM,
    HAS_RESET,
    LARGEST,
    LEVELED,
    LEVELS,
    SECOND,
    SHOWN,
    SIDE,
    TRADE,
    TRADES_USED,
)
from lakeflow.market.quality import SIZE_LARGE, state_flags
from lakeflow.market.records import EVENT, RECEIVED
from lakeflow.market.sheets import (
    BBO,
    MBP,
    MOVED,
    TRADES,
    copy_columns,
    next_row,
    write_event,
    write_levels,
    write_state,
)
from lakeflow.market.state import BOOK, BOOKS_USED, CHANGED, SUSPECT
from lakeflow.market.trading import LOTS

CAUSES = np.uint64(5)
TRADE_COLUMNS = np.uint64(14)


@piece
def any_suspect(memory):
    """Whether a gap makes any book doubtful; the sum of the books has no doubt of its own."""
    suspect = np.int64(0)
    for book in range(memory.counts[BOOKS_USED]):
        suspect |= memory.books[book * BOOK + SUSPECT]
    return suspect


@tiny
def show(memory, gauge, main):
    """Take over the levels that changed. Says whether the touch differs from what was shown, and whether anything does."""
    changed, touch, differs = np.uint64(memory.books[main * BOOK + CHANGED]), ZERO, ZERO
    memory.books[main * BOOK + CHANGED] = 0
    while changed != ZERO:
        bit = highest(changed)
        changed ^= ONE << bit
        found = take_over(memory, gauge, main, bit // BITS, bit % BITS)
        differs |= found
        if bit % BITS == ZERO:
            touch |= found
    return touch != ZERO, differs != ZERO


@piece
def take_over(memory, gauge, main, side, n):
    """Show a level as it is now, and count what came to it and went by whether its price is better or worse than it was."""
    if n >= LEVELS:
        return ZERO
    at, key, differs = side * SIDE + n, side * LEVELS + n, ZERO
    sized, image = gauge.shown[at + LEVELS], main * SHOWN + at
    for place in (ZERO, LEVELS, LEVELS + LEVELS):
        differs |= np.uint64(memory.image[image + place] ^ gauge.shown[at + place])
        gauge.shown[at + place] = memory.image[image + place]
    if differs == ZERO:
        return ZERO
    size, before, after = gauge.shown[at + LEVELS], gauge.keys[key], memory.keys[main * TWO * LEVELS + key]
    gauge.keys[key] = after
    if gauge.now[HAS_RESET] == 0:
        came = (size if after >= before else np.int64(0)) - (sized if after <= before else np.int64(0))
        gauge.ofi[n] += came if side == ZERO else -came
    # At its end the second counts the sizes that stand then for each of its events: those before now had others.
    gauge.ofi[LEVELS + n] -= (size - sized) * gauge.now[EVENTS]
    return differs


@piece
def tell_quotes(gauge, words, at, row, paper, touch, suspect, flags):
    received, happened = np.int64(words[at + RECEIVED]), np.int64(words[at + EVENT])
    if touch:
        line, room = next_row(paper, BBO)
        write_event(paper.bbo, line, room, row, received, happened)
        to = write_levels(paper.bbo, line, room, gauge.shown, LEVELS)
        paper.bbo[to] = gauge.now[SECOND]
        write_state(paper.bbo, to + room, room, suspect, flags)
    if gauge.now[LEVELED] != 0:
        line, room = next_row(paper, MBP)
        write_event(paper.mbp, line, room, row, received, happened)
        to = write_levels(paper.mbp, line, room, gauge.shown, ONE)
        write_state(paper.mbp, to, room, suspect, flags)


@rare
def tell_trades(gauge, paper, suspect, flags):
    flags |= state_flags(gauge)
    for n in range(np.uint64(gauge.now[TRADES_USED])):
        line, room = next_row(paper, TRADES)
        to = copy_columns(paper.trades, line, room, gauge.trades, n * TRADE, TRADE_COLUMNS)
        is_large = gauge.trades[n * TRADE + LOTS] > gauge.now[LARGEST]
        write_state(paper.trades, to, room, suspect, flags | (SIZE_LARGE if is_large else 0))
    gauge.now[TRADES_USED] = 0


@piece
def tell_move(gauge, words, at, row, paper):
    """Write what moved the mid in the event, if anything did."""
    moved, whole = np.int64(0), np.int64(0)
    for cause in range(CAUSES):
        moved |= gauge.now[FROM + cause]
        whole += gauge.now[FROM + cause]
    if moved == 0:
        return
    line, room = next_row(paper, MOVED)
    write_event(paper.moves, line, room, row, np.int64(words[at + RECEIVED]), np.int64(words[at + EVENT]))
    paper.moves[line + THREE * room] = whole
    to = copy_columns(paper.moves, line + FOUR * room, room, gauge.now, FROM, CAUSES)
    paper.moves[to] = gauge.now[SECOND]
    for cause in range(CAUSES):
        gauge.now[FROM + cause] = 0
