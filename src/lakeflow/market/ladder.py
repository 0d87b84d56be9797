"""The levels of one side of a book by price: a window of ticks with a bit for each, and a short list for all other prices.

Prices are compared by key, which is the price of a bid and its bitwise complement for an ask: the larger key is the better.
"""

import numpy as np
from numba import njit

from lakeflow.market.bits import LOW, ONE, SIX
from lakeflow.market.state import (
    BASE,
    FREE_LEVEL,
    KEY,
    LEVELS,
    LEVELS_USED,
    PLACED,
    RUNGS,
    STRAY,
    STRAYED,
    SUMS,
    TICK,
    WORSE,
)

NOWHERE = np.uint64(2**64 - 1)  # a rung below the lowest
ZERO = np.uint64(0)
# The middle of a window stays so far inside 64 bits that no edge of it wraps.
EDGE = np.int64(2**62)


@njit(nogil=True, error_model="numpy")
def key_of(ladder, price):
    """The price of a bid, the complement of the price of an ask; the same function leads back."""
    return price ^ -np.int64(ladder & ONE)


@njit(nogil=True, error_model="numpy")
def rung_of(state, ladder, key):
    """The rung of a key; one that is not less than the window for a key that has no rung."""
    away = key - state.ladders[ladder * RUNGS + BASE]
    rung = np.int64(np.float64(away) * state.inverses[ladder] + 0.5)
    if rung * state.ladders[ladder * RUNGS + TICK] != away:
        return NOWHERE
    return np.uint64(rung)


@njit(nogil=True, error_model="numpy")
def level_at(state, ladder, key):
    """The level of a key, whether or not anything rests there; a price outside the window is given a level of its own."""
    if state.ladders[ladder * RUNGS + PLACED] == 0:
        place_window(state, ladder, key)
    rung = rung_of(state, ladder, key)
    if rung < state.window:
        return state.outside + ladder * state.window + rung
    return stray_at(state, ladder, key)


@njit(nogil=True, error_model="numpy")
def place_window(state, ladder, key):
    """Lay the windows of both sides around the first price that the book sees."""
    for each in (ladder & ~ONE, ladder | ONE):
        tick = state.ladders[each * RUNGS + TICK]
        price = min(max(key_of(ladder, key), -EDGE), EDGE) // tick * tick
        half = np.int64(state.window >> ONE) * tick
        state.ladders[each * RUNGS + BASE] = key_of(each, price) - half
        state.ladders[each * RUNGS + PLACED] = 1


@njit(nogil=True, error_model="numpy")
def stray_at(state, ladder, key):
    """The level of a price that has no rung: found in the ladder's list, best first, or put there."""
    state.counts[STRAYED] += ONE
    before, at = ZERO, np.uint64(state.ladders[ladder * RUNGS + STRAY])
    while at != ZERO and state.sums[at * SUMS + KEY] > key:
        before, at = at, np.uint64(state.levels[at * LEVELS + WORSE])
    if at != ZERO and state.sums[at * SUMS + KEY] == key:
        return at
    new = state.counts[FREE_LEVEL]
    if new != ZERO:
        state.counts[FREE_LEVEL] = np.uint64(state.levels[new * LEVELS + WORSE])
    else:
        new = state.counts[LEVELS_USED]
        state.counts[LEVELS_USED] += ONE
    state.sums[new * SUMS + KEY] = key
    state.levels[new * LEVELS + WORSE] = at
    _follow(state, ladder, before, new)
    return new


@njit(nogil=True, error_model="numpy")
def _follow(state, ladder, before, level):
    """Make a level the one after another in its ladder's list; after none, the first."""
    if before == ZERO:
        state.ladders[ladder * RUNGS + STRAY] = np.int64(level)
    else:
        state.levels[before * LEVELS + WORSE] = level


@njit(nogil=True, error_model="numpy")
def occupy(state, ladder, level):
    """Note that something rests at a level that was empty."""
    if level < state.outside:
        return
    rung = level - state.outside - ladder * state.window
    at, words = bits_of(state, ladder)
    state.occupied[at + (rung >> SIX)] |= ONE << (rung & LOW)
    rung >>= SIX
    state.occupied[at + words + (rung >> SIX)] |= ONE << (rung & LOW)


@njit(nogil=True, error_model="numpy")
def vacate(state, ladder, level):
    """Note that nothing rests at a level any more."""
    if level < state.outside:
        _drop_stray(state, ladder, level)
        return
    rung = level - state.outside - ladder * state.window
    at, words = bits_of(state, ladder)
    place = at + (rung >> SIX)
    state.occupied[place] &= ~(ONE << (rung & LOW))
    if state.occupied[place] == ZERO:
        rung >>= SIX
        state.occupied[at + words + (rung >> SIX)] &= ~(ONE << (rung & LOW))


@njit(nogil=True, error_model="numpy")
def bits_of(state, ladder):
    """Where a ladder's bits begin, and how many words of them there are before their summary."""
    words = state.window >> SIX
    return ladder * (words + (words >> SIX)), words


@njit(nogil=True, error_model="numpy")
def _drop_stray(state, ladder, level):
    before, at = ZERO, np.uint64(state.ladders[ladder * RUNGS + STRAY])
    while at != level:
        before, at = at, np.uint64(state.levels[at * LEVELS + WORSE])
    _follow(state, ladder, before, np.uint64(state.levels[level * LEVELS + WORSE]))
    state.levels[level * LEVELS + WORSE] = state.counts[FREE_LEVEL]
    state.counts[FREE_LEVEL] = level
