"""Medians of the last sixty seconds, each kept sorted as one comes and one goes."""

import numpy as np

from lakeflow.market.compiled import piece, rare
from lakeflow.market.machine import ONE, TWO, ZERO
from lakeflow.market.meter import (
    MID_MEDIAN,
    MID_REACH,
    RING,
    RING_AT,
    RING_USED,
    RINGS,
    SPREAD_MEDIAN,
)

SCALE = np.int64(10_000)
TWO_TICKS = 4 * SCALE  # in ten-thousandths of half a tick
MAD = np.int64(14_826)  # ten-thousandths of a standard deviation, for what is normal
FURTHEST = np.int64(2**45)  # deviations beyond it count as it: nothing overflows


@rare
def note_second(gauge, mid, spread):
    """Take in the mid and the spread that a second ended with, and know what is normal after it."""
    used, at = np.uint64(gauge.now[RING_USED]), np.uint64(gauge.now[RING_AT])
    full = used == RING
    replace(gauge.rings, ZERO, used, at, full, mid)
    replace(gauge.rings, TWO * RINGS, used, at, full, spread)
    used = RING if full else used + ONE
    gauge.now[RING_USED] = np.int64(used)
    gauge.now[RING_AT] = np.int64((at + ONE) % RING)
    middle = (used - ONE) >> ONE  # of an even number the lower
    gauge.now[SPREAD_MEDIAN] = gauge.rings[THIRD + middle]
    gauge.now[MID_MEDIAN] = gauge.rings[RINGS + middle]
    away = deviation(gauge.rings, used, middle)
    gauge.now[MID_REACH] = 10 * max(MAD * min(away, FURTHEST), TWO_TICKS) // SCALE


THIRD = np.uint64(3) * RINGS


@rare
def replace(rings, ring, used, at, full, value):
    """Put a value in the place of the oldest, once there are sixty, and keep the sorted copy behind them sorted."""
    place, held = ring + RINGS, used
    if full:
        held -= ONE
        gone = ZERO
        while rings[place + gone] != rings[ring + at]:
            gone += ONE
        while gone < held:
            rings[place + gone] = rings[place + gone + ONE]
            gone += ONE
    rings[ring + at] = value
    while held != ZERO and rings[place + held - ONE] > value:
        rings[place + held] = rings[place + held - ONE]
        held -= ONE
    rings[place + held] = value


@piece
def deviation(rings, used, middle):
    """The median distance from the median: the two halves of what is sorted are walked away from it at once."""
    median = rings[RINGS + middle]
    low, high, away = middle, middle + ONE, np.int64(0)  # `low` is one past the next below
    for _ in range(middle):
        below = median - rings[RINGS + low - ONE] if low != ZERO else np.int64(2**62)
        above = rings[RINGS + high] - median if high < used else np.int64(2**62)
        away = min(below, above)
        if below <= above:
            low -= ONE
        else:
            high += ONE
    return away
