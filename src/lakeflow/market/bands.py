"""Lots by their distance from the best price of their side: at the touch, near it, deep; what came to each and what went."""

import numpy as np

from lakeflow.market.compiled import piece, rare
from lakeflow.market.ladder import key_of
from lakeflow.market.machine import ONE, THREE, TWO, ZERO
from lakeflow.market.meter import (
    ALTERED,
    ALTERED_TIMES,
    BEST_BID,
    CAME,
    CAME_TIMES,
    FILL,
    FILLED,
    FILLED_TIMES,
    FILLS_FIRST,
    FILLS_USED,
    FIRST,
    FLOW,
    MAIN,
    TICK,
    WENT,
    WENT_TIMES,
)
from lakeflow.market.records import UNDEF_PRICE
from lakeflow.market.search import BEST, level_below, level_from
from lakeflow.market.state import KEY, LONGS, TOTAL

NEAR, DEEP, BEYOND = (np.uint64(n) for n in (1, 5, 21))  # ticks behind the best at which each band begins
BANDS = THREE
TWENTY, TEN = np.uint64(20), np.uint64(10)  # levels, and ticks behind the best, whose lots are summed


@piece
def band_of(away, tick):
    """The band of a price so far behind the best."""
    if away < tick * NEAR:
        return ZERO
    if away < tick * DEEP:
        return ONE
    return TWO if away < tick * BEYOND else BANDS


@rare
def measure_bands(memory, gauge):
    """What rests in each band now, on the first twenty levels of each side, and up to ten ticks behind its best."""
    tick, main = np.uint64(gauge.now[TICK]), np.uint64(gauge.now[MAIN])
    for side in (ZERO, ONE):
        for band in (ZERO, ONE, TWO):
            gauge.bands[side * BANDS + band] = 0
        ladder, first, close_by = main * TWO + side, np.int64(0), np.int64(0)
        level, left = level_from(memory, ladder, BEST), TWENTY
        best = memory.longs[level * LONGS + KEY]
        while level != ZERO:
            key, lots = memory.longs[level * LONGS + KEY], memory.longs[level * LONGS + TOTAL]
            away = np.uint64(best) - np.uint64(key)
            band = band_of(away, tick)
            if band == BANDS and left == ZERO:
                break
            if band != BANDS:
                gauge.bands[side * BANDS + band] += lots
            close_by += lots if away <= TEN * tick else np.int64(0)
            if left != ZERO:
                first, left = first + lots, left - ONE
            level = level_below(memory, ladder, key)
        gauge.bands[FIRST + side], gauge.bands[FIRST + TWO + side] = first, close_by


@piece
def row_of(gauge, side, price):
    """Where the flows of a price are summed; of none, when it lies beyond the bands."""
    best = gauge.now[BEST_BID + side]
    if best == UNDEF_PRICE:
        return side * BANDS * FLOW
    away = key_of(side, best) - key_of(side, price)
    if key_of(side, price) >= key_of(side, best):
        away = 0
    band = band_of(np.uint64(away), np.uint64(gauge.now[TICK]))
    return ZERO - ONE if band == BANDS else (side * BANDS + band) * FLOW


@piece
def come(gauge, side, price, lots, is_modify):
    """Lots that came to a price."""
    row = row_of(gauge, side, price)
    if row + ONE != ZERO:
        gauge.flows[row + CAME] += lots
        gauge.flows[row + CAME_TIMES] += 1
        if is_modify:
            gauge.flows[row + ALTERED] += lots
            gauge.flows[row + ALTERED_TIMES] += 1


@piece
def go(gauge, side, price, lots, filled, is_modify):
    """Lots that went from a price, and how many of them had been filled."""
    row = row_of(gauge, side, price)
    if row + ONE != ZERO:
        gauge.flows[row + FILLED] += filled
        gauge.flows[row + FILLED_TIMES] += np.int64(filled != 0)
        gauge.flows[row + WENT] += lots - filled
        gauge.flows[row + WENT_TIMES] += np.int64(lots != filled)
        if is_modify:
            gauge.flows[row + ALTERED] += lots
            gauge.flows[row + ALTERED_TIMES] += 1


@rare
def note_fill(gauge, book, order_id, lots):
    """Remember a fill until its event ends."""
    at = np.uint64(gauge.now[FILLS_USED]) * FILL
    gauge.fills[at] = np.int64(book)
    gauge.fills[at + ONE] = np.int64(order_id)
    gauge.fills[at + TWO] = np.int64(lots)
    gauge.now[FILLS_USED] += 1


@rare
def use_fills(gauge, book, order_id, lots):
    """How many of these lots fills of the event account for that nothing has used."""
    left, at = lots, gauge.now[FILLS_FIRST]
    while at < gauge.now[FILLS_USED] and left > 0:
        fill = np.uint64(at) * FILL
        if gauge.fills[fill + ONE] == np.int64(order_id) and gauge.fills[fill] == np.int64(book):
            used = min(left, gauge.fills[fill + TWO])
            gauge.fills[fill + TWO] -= used
            left -= used
        if at == gauge.now[FILLS_FIRST] and gauge.fills[fill + TWO] == 0:
            gauge.now[FILLS_FIRST] += 1
        at += 1
    return lots - left
