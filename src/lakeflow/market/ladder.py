"""The levels of one side of a book by price: a window of ticks with a bit for each, and a short list for all other prices.

Prices are compared by key, which is the price of a bid and its bitwise complement for an ask: the larger key is the better.
"""

import numpy as np

from lakeflow.market.compiled import piece, rare, tiny
from lakeflow.market.machine import LOW, ONE, SIX, ZERO
from lakeflow.market.state import (
    BASE,
    FREE_LEVEL,
    KEY,
    LEVELS_USED,
    LONGS,
    PLACED,
    ROW,
    RUNGS,
    STRAY,
    STRAYED,
    TICK,
    WORSE,
)

NOWHERE = np.uint64(2**64 - 1)  # a rung below the lowest
# The middle of a window stays so far inside 64 bits that no edge of it wraps.
EDGE = np.int64(2**62)


@tiny
def key_of(ladder, price):
    """The price of a bid, the complement of the price of an ask; the same function leads back."""
    return price ^ -np.int64(ladder & ONE)


@piece
def rung_of(memory, ladder, key):
    """The rung of a key; one that is not less than the window for a key that has no rung."""
    away = key - memory.ladders[ladder * RUNGS + BASE]
    rung = np.int64(np.float64(away) * memory.inverses[ladder] + 0.5)
    if rung * memory.ladders[ladder * RUNGS + TICK] != away:
        return NOWHERE
    return np.uint64(rung)


@piece
def level_at(memory, ladder, key):
    """The level of a key, whether or not anything rests there; a price outside the window is given a level of its own."""
    if memory.ladders[ladder * RUNGS + PLACED] == 0:
        place_window(memory, ladder, key)
    rung = rung_of(memory, ladder, key)
    if rung < memory.window:
        return memory.windows + ladder * memory.window + rung
    return stray_at(memory, ladder, key)


@rare
def place_window(memory, ladder, key):
    """Lay the windows of both sides around the first price that the book sees."""
    for each in (ladder & ~ONE, ladder | ONE):
        tick = memory.ladders[each * RUNGS + TICK]
        price = min(max(key_of(ladder, key), -EDGE), EDGE) // tick * tick
        half = np.int64(memory.window >> ONE) * tick
        memory.ladders[each * RUNGS + BASE] = key_of(each, price) - half
        memory.ladders[each * RUNGS + PLACED] = 1


@rare
def stray_at(memory, ladder, key):
    """The level of a price that has no rung: found in the ladder's list, best first, or put there."""
    memory.counts[STRAYED] += ONE
    before, at = ZERO, np.uint64(memory.ladders[ladder * RUNGS + STRAY])
    while at != ZERO and memory.longs[at * LONGS + KEY] > key:
        before, at = at, np.uint64(memory.nodes[at * ROW + WORSE])
    if at != ZERO and memory.longs[at * LONGS + KEY] == key:
        return at
    new = memory.counts[FREE_LEVEL]
    if new != ZERO:
        memory.counts[FREE_LEVEL] = np.uint64(memory.nodes[new * ROW + WORSE])
    else:
        new = memory.counts[LEVELS_USED]
        memory.counts[LEVELS_USED] += ONE
    memory.longs[new * LONGS + KEY] = key
    memory.nodes[new * ROW + WORSE] = at
    _follow(memory, ladder, before, new)
    return new


@rare
def _follow(memory, ladder, before, level):
    """Make a level the one after another in its ladder's list; after none, the first."""
    if before == ZERO:
        memory.ladders[ladder * RUNGS + STRAY] = np.int64(level)
    else:
        memory.nodes[before * ROW + WORSE] = level


@piece
def occupy(memory, ladder, level):
    """Note that something rests at a level that was empty."""
    if level < memory.windows:
        return
    rung = level - memory.windows - ladder * memory.window
    at, words = bits_of(memory, ladder)
    memory.occupied[at + (rung >> SIX)] |= ONE << (rung & LOW)
    rung >>= SIX
    memory.occupied[at + words + (rung >> SIX)] |= ONE << (rung & LOW)


@piece
def vacate(memory, ladder, level):
    """Note that nothing rests at a level any more."""
    if level < memory.windows:
        _drop_stray(memory, ladder, level)
        return
    rung = level - memory.windows - ladder * memory.window
    at, words = bits_of(memory, ladder)
    place = at + (rung >> SIX)
    memory.occupied[place] &= ~(ONE << (rung & LOW))
    if memory.occupied[place] == ZERO:
        rung >>= SIX
        memory.occupied[at + words + (rung >> SIX)] &= ~(ONE << (rung & LOW))


@tiny
def bits_of(memory, ladder):
    """Where a ladder's bits begin, and how many words of them there are before their summary."""
    words = memory.window >> SIX
    return ladder * (words + (words >> SIX)), words


@rare
def _drop_stray(memory, ladder, level):
    before, at = ZERO, np.uint64(memory.ladders[ladder * RUNGS + STRAY])
    while at != level:
        before, at = at, np.uint64(memory.nodes[at * ROW + WORSE])
    _follow(memory, ladder, before, np.uint64(memory.nodes[level * ROW + WORSE]))
    memory.nodes[level * ROW + WORSE] = memory.counts[FREE_LEVEL]
    memory.counts[FREE_LEVEL] = level
