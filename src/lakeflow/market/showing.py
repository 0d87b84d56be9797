"""What the end of an event shows: levels that differ, imbalance, quotes, trades and moves, written to the sheets."""

import numpy as np

from lakeflow.market.compiled import piece, rare, tiny
from lakeflow.market.machine import FOUR, ONE, THREE, TWO, ZERO
from lakeflow.market.meter import (
    FROM,
    HAS_RESET,
    LARGEST,
    LEVELED,
    LEVELS,
    SHOWN,
    SIDE,
    TRADE,
    TRADES_USED,
)
from lakeflow.market.quality import SIZE_LARGE
from lakeflow.market.records import EVENT, RECEIVED
from lakeflow.market.seconds import add_sizes
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
from lakeflow.market.state import BOOK, BOOKS_USED, SUSPECT
from lakeflow.market.trading import LOTS

CAUSES = np.uint64(5)
TRADE_COLUMNS = np.uint64(13)


@piece
def any_suspect(memory):
    """Whether a gap makes any book doubtful; the sum of the books has no doubt of its own."""
    suspect = np.int64(0)
    for book in range(memory.counts[BOOKS_USED]):
        suspect |= memory.books[book * BOOK + SUSPECT]
    return suspect


@tiny
def show(memory, gauge, main):
    """Take over the levels as they are now. Says whether the touch differs, and whether anything does."""
    image, touch, differs = main * SHOWN, ZERO, ZERO
    for n in range(ZERO, SHOWN, LEVELS):
        touch |= np.uint64(memory.image[image + n] ^ gauge.shown[n])
    for n in range(SHOWN):
        differs |= np.uint64(memory.image[image + n] ^ gauge.shown[n])
    if differs == ZERO:
        return False, False
    add_sizes(gauge)
    if gauge.now[HAS_RESET] == 0:
        add_imbalance(memory, gauge, main)
    for n in range(TWO * LEVELS):
        gauge.keys[n] = memory.keys[main * TWO * LEVELS + n]
    for n in range(SHOWN):
        gauge.shown[n] = memory.image[image + n]
    return touch != ZERO, True


@piece
def add_imbalance(memory, gauge, main):
    """Sizes that came to or went from each level, by whether its price is better or worse than it was."""
    image, keys = main * SHOWN, main * TWO * LEVELS
    for n in range(LEVELS):
        came = np.int64(0)
        for side in (ZERO, ONE):
            place, level = side * SIDE + LEVELS + n, side * LEVELS + n
            before, after = gauge.keys[level], memory.keys[keys + level]
            size = (memory.image[image + place] if after >= before else np.int64(0)) - (
                gauge.shown[place] if after <= before else np.int64(0)
            )
            came += size if side == ZERO else -size
        gauge.ofi[n] += came


@piece
def tell_quotes(gauge, words, at, row, paper, touch, suspect, flags):
    received, happened = np.int64(words[at + RECEIVED]), np.int64(words[at + EVENT])
    if touch:
        line, room = next_row(paper, BBO)
        write_event(paper.bbo, line, room, row, received, happened)
        to = write_levels(paper.bbo, line, room, gauge.shown, LEVELS)
        write_state(paper.bbo, to, room, suspect, flags)
    if gauge.now[LEVELED] != 0:
        line, room = next_row(paper, MBP)
        write_event(paper.mbp, line, room, row, received, happened)
        to = write_levels(paper.mbp, line, room, gauge.shown, ONE)
        write_state(paper.mbp, to, room, suspect, flags)


@rare
def tell_trades(gauge, paper, suspect, flags):
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
    copy_columns(paper.moves, line + FOUR * room, room, gauge.now, FROM, CAUSES)
    for cause in range(CAUSES):
        gauge.now[FROM + cause] = 0
