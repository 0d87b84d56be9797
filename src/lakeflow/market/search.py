"""Levels found by price without making any: the one at a price, and the best one that is worse than it."""

import numpy as np

from lakeflow.market.compiled import piece, rare
from lakeflow.market.ladder import NOWHERE, bits_of, rung_of
from lakeflow.market.machine import LOW, ONE, SIX, ZERO, highest
from lakeflow.market.state import BASE, KEY, LONGS, PLACED, ROW, RUNGS, STRAY, TICK, TOTAL, WORSE

BEST, LOWEST = np.int64(2**63 - 1), np.int64(-(2**63))  # keys


@rare
def occupied_at(memory, ladder, key):
    """The level of a key where something rests; 0 when nothing does."""
    if memory.ladders[ladder * RUNGS + PLACED] == 0:
        return ZERO
    rung = rung_of(memory, ladder, key)
    if rung < memory.window:
        level = memory.windows + ladder * memory.window + rung
        return ZERO if memory.longs[level * LONGS + TOTAL] == 0 else level
    stray = np.uint64(memory.ladders[ladder * RUNGS + STRAY])
    while stray != ZERO and memory.longs[stray * LONGS + KEY] != key:
        stray = np.uint64(memory.nodes[stray * ROW + WORSE])
    return stray


@piece
def occupied_below(memory, ladder, rung):
    """The highest occupied rung below one that may be as high as the window; NOWHERE when there is none."""
    if rung == ZERO:
        return NOWHERE
    rung -= ONE
    at, words = bits_of(memory, ladder)
    word = rung >> SIX
    seen = memory.occupied[at + word] & (NOWHERE >> (LOW - (rung & LOW)))
    if seen != ZERO:
        return (word << SIX) | highest(seen)
    if word == ZERO:
        return NOWHERE
    word -= ONE
    part = word >> SIX
    seen = memory.occupied[at + words + part] & (NOWHERE >> (LOW - (word & LOW)))
    while seen == ZERO:
        if part == ZERO:
            return NOWHERE
        part -= ONE
        seen = memory.occupied[at + words + part]
    word = (part << SIX) | highest(seen)
    return (word << SIX) | highest(memory.occupied[at + word])


@piece
def level_from(memory, ladder, key):
    """The best occupied level that is no better than a key; 0 when there is none."""
    found = _rung_level_from(memory, ladder, key)
    stray = np.uint64(memory.ladders[ladder * RUNGS + STRAY])
    while stray != ZERO and memory.longs[stray * LONGS + KEY] > key:
        stray = np.uint64(memory.nodes[stray * ROW + WORSE])
    if stray == ZERO or found == ZERO:
        return found | stray
    return found if memory.longs[found * LONGS + KEY] > memory.longs[stray * LONGS + KEY] else stray


@piece
def level_below(memory, ladder, key):
    """The best occupied level that is worse than a key; 0 when there is none."""
    return ZERO if key == LOWEST else level_from(memory, ladder, key - 1)


@piece
def _rung_level_from(memory, ladder, key):
    base = memory.ladders[ladder * RUNGS + BASE]
    if key < base:
        return ZERO
    rung = occupied_below(memory, ladder, _rungs_from(memory, ladder, np.uint64(key) - np.uint64(base)))
    return ZERO if rung == NOWHERE else memory.windows + ladder * memory.window + rung


@piece
def _rungs_from(memory, ladder, away):
    """How many rungs are not above a key that lies so far above the lowest; the estimate in floats may be off by one."""
    tick = np.uint64(memory.ladders[ladder * RUNGS + TICK])
    rungs = np.uint64(np.float64(away) * memory.inverses[ladder])
    if rungs >= memory.window:
        return memory.window
    if rungs * tick > away:
        return rungs
    return rungs + ONE if (rungs + ONE) * tick > away else rungs + ONE + ONE
