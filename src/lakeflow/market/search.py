"""Levels found by price without making any: the one at a price, and the best one that is worse than it."""

import numpy as np
from numba import njit

from lakeflow.market.bits import LOW, ONE, SIX, highest
from lakeflow.market.ladder import NOWHERE, bits_of, rung_of
from lakeflow.market.state import BASE, FRONT, KEY, LEVELS, PLACED, RUNGS, STRAY, SUMS, TICK, WORSE

ZERO = np.uint64(0)
BEST, LOWEST = np.int64(2**63 - 1), np.int64(-(2**63))  # keys


@njit(nogil=True, error_model="numpy")
def occupied_at(state, ladder, key):
    """The level of a key where something rests; 0 when nothing does."""
    if state.ladders[ladder * RUNGS + PLACED] == 0:
        return ZERO
    rung = rung_of(state, ladder, key)
    if rung < state.window:
        level = state.outside + ladder * state.window + rung
        return ZERO if state.levels[level * LEVELS + FRONT] == 0 else level
    stray = np.uint64(state.ladders[ladder * RUNGS + STRAY])
    while stray != ZERO and state.sums[stray * SUMS + KEY] != key:
        stray = np.uint64(state.levels[stray * LEVELS + WORSE])
    return stray


@njit(nogil=True, error_model="numpy")
def occupied_below(state, ladder, rung):
    """The highest occupied rung below one that may be as high as the window; NOWHERE when there is none."""
    if rung == ZERO:
        return NOWHERE
    rung -= ONE
    at, words = bits_of(state, ladder)
    word = rung >> SIX
    seen = state.occupied[at + word] & (NOWHERE >> (LOW - (rung & LOW)))
    if seen != ZERO:
        return (word << SIX) | highest(seen)
    if word == ZERO:
        return NOWHERE
    word -= ONE
    part = word >> SIX
    seen = state.occupied[at + words + part] & (NOWHERE >> (LOW - (word & LOW)))
    while seen == ZERO:
        if part == ZERO:
            return NOWHERE
        part -= ONE
        seen = state.occupied[at + words + part]
    word = (part << SIX) | highest(seen)
    return (word << SIX) | highest(state.occupied[at + word])


@njit(nogil=True, error_model="numpy")
def level_from(state, ladder, key):
    """The best occupied level that is no better than a key; 0 when there is none."""
    found = _rung_level_from(state, ladder, key)
    stray = np.uint64(state.ladders[ladder * RUNGS + STRAY])
    while stray != ZERO and state.sums[stray * SUMS + KEY] > key:
        stray = np.uint64(state.levels[stray * LEVELS + WORSE])
    if stray == ZERO or found == ZERO:
        return found | stray
    return found if state.sums[found * SUMS + KEY] > state.sums[stray * SUMS + KEY] else stray


@njit(nogil=True, error_model="numpy")
def level_below(state, ladder, key):
    """The best occupied level that is worse than a key; 0 when there is none."""
    return ZERO if key == LOWEST else level_from(state, ladder, key - 1)


@njit(nogil=True, error_model="numpy")
def _rung_level_from(state, ladder, key):
    base = state.ladders[ladder * RUNGS + BASE]
    if key < base:
        return ZERO
    rung = occupied_below(state, ladder, _rungs_from(state, ladder, np.uint64(key) - np.uint64(base)))
    return ZERO if rung == NOWHERE else state.outside + ladder * state.window + rung


@njit(nogil=True, error_model="numpy")
def _rungs_from(state, ladder, away):
    """How many rungs are not above a key that lies so far above the lowest; the estimate in floats may be off by one."""
    tick = np.uint64(state.ladders[ladder * RUNGS + TICK])
    rungs = np.uint64(np.float64(away) * state.inverses[ladder])
    if rungs >= state.window:
        return state.window
    if rungs * tick > away:
        return rungs
    return rungs + ONE if (rungs + ONE) * tick > away else rungs + ONE + ONE
