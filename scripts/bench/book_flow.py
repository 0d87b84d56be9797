"""Ten million order records shaped like a day of CME ES, from a seed, in a few seconds; imported by book.py beside it."""

# ruff: noqa: ANN001, ANN202, NPY002  numba infers types, and has a generator of its own that is seeded like numpy's old one
# mypy: disable-error-code="no-untyped-def,untyped-decorator,no-any-return"

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from lakeflow.market.records import MBO

TICK = 250_000_000
TICKS = 65_536  # prices that there are; the market opens in the middle
ADD, CANCEL, MODIFY, TRADE, FILL = (ord(letter) for letter in "ACMTF")
LETTERS = (ord("B"), ord("A"))
ENDED = 130  # F_LAST and a bit of the publisher, as CME's records have
RESTING, LAST_ID, WRITTEN = range(3)


class Market(NamedTuple):
    """Resting orders by slot, those alive first in `slots`; slot 0 is nobody. On a level the newest stands in front."""

    ids: npt.NDArray[np.int64]
    tick: npt.NDArray[np.int64]
    size: npt.NDArray[np.int64]
    side: npt.NDArray[np.int64]  # 0 bid, 1 ask
    before: npt.NDArray[np.int64]
    behind: npt.NDArray[np.int64]
    slots: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]  # in `slots`
    front: npt.NDArray[np.int64]  # side times TICKS plus tick
    best: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]


class Out(NamedTuple):
    """The fields of records that differ from record to record."""

    order_id: npt.NDArray[Any]
    price: npt.NDArray[Any]
    size: npt.NDArray[Any]
    flags: npt.NDArray[Any]
    action: npt.NDArray[np.uint8]
    side: npt.NDArray[np.uint8]


def flow(records: int, live: int = 4_000, seed: int = 7) -> npt.NDArray[np.void]:
    """Adds 45 %, cancels 42 %, modifies 10 %, the rest trades and fills, around `live` resting orders that never cross."""
    rows = np.zeros(records, MBO)
    rows["length"], rows["rtype"], rows["publisher_id"], rows["instrument_id"] = 14, 160, 1, 42_140_878
    rows["ts_event"] = 1_767_700_000_000_000_000 + np.arange(records) * 5_000
    rows["ts_recv"] = rows["ts_event"] + 85_000
    rows["sequence"] = np.arange(records)
    letters = np.zeros((2, records), np.uint8)
    _write_flow(live, seed, _market(live * 4), Out(*(rows[name] for name in Out._fields[:4]), *letters))
    rows["action"], rows["side"] = letters[0].view("S1"), letters[1].view("S1")
    return rows


def _market(slots: int) -> Market:
    return Market(
        **{name: np.zeros(slots, np.int64) for name in Market._fields[:6]},
        slots=np.arange(slots),
        place=np.arange(slots),
        front=np.zeros(2 * TICKS, np.int64),
        best=np.array([TICKS // 2, TICKS // 2 + 1]),
        counts=np.array([1, 6_413_000_000_000, 0]),
    )


@njit(cache=True)
def _write_flow(live, seed, market, out):
    np.random.seed(seed)
    opening = live
    while market.counts[WRITTEN] < len(out.price):
        kind = np.random.random()
        crowding = 0.06 * min(1.0, max(-1.0, (market.counts[RESTING] - live) / live))
        if opening > 0 or kind < 0.46 - crowding:
            _add(market, out)
            opening -= 1
        elif kind < 0.895:
            _cancel(market, out)
        elif kind < 0.985:
            _modify(market, out)
        else:
            _trade(market, out)


@njit(cache=True)
def _write(market, out, action, slot, size, whose, flags):  # noqa: PLR0913  a kernel takes scalars
    n = market.counts[WRITTEN]
    if n == len(out.price):
        return
    market.counts[WRITTEN] = n + 1
    out.order_id[n], out.price[n] = market.ids[slot], market.tick[slot] * TICK
    out.size[n], out.flags[n] = size, flags
    out.action[n], out.side[n] = action, LETTERS[whose]


@njit(cache=True)
def _pick(market):
    """Lives have a heavy tail: what is cancelled or modified is mostly young."""
    resting = market.counts[RESTING]
    return market.slots[resting - 1 - int(np.random.random() ** 3 * (resting - 1))]


@njit(cache=True)
def _add(market, out):
    resting = market.counts[RESTING]
    slot = market.slots[resting]
    market.counts[RESTING] = resting + 1
    market.counts[LAST_ID] += 1 + int(np.random.random() * 9)
    market.ids[slot], market.side[slot] = market.counts[LAST_ID], int(np.random.random() * 2)
    market.size[slot] = 1 + int(np.random.random() ** 3 * 20)
    _join(market, slot)
    _write(market, out, ADD, slot, market.size[slot], market.side[slot], ENDED)


@njit(cache=True)
def _cancel(market, out):
    slot = _pick(market)
    size = market.size[slot]
    if np.random.random() < 0.15:
        size = max(1, size // 2)
    _write(market, out, CANCEL, slot, size, market.side[slot], ENDED)
    _take(market, slot, size)


@njit(cache=True)
def _modify(market, out):
    slot, what = _pick(market), np.random.random()
    if what < 0.4 and market.size[slot] > 1:
        market.size[slot] -= 1
    elif what < 0.6:
        market.size[slot] += 3
    else:
        _leave(market, slot)
        _join(market, slot)
    _write(market, out, MODIFY, slot, market.size[slot], market.side[slot], ENDED)


@njit(cache=True)
def _trade(market, out):
    """CME tells a full fill as a cancel and a partial one as a modify to what is left."""
    side = int(np.random.random() * 2)
    slot = market.front[side * TICKS + market.best[side]]
    if slot == 0:
        return
    size = min(market.size[slot], 1 + int(np.random.random() * 6))
    left = market.size[slot] - size
    _write(market, out, TRADE, slot, size, 1 - side, 0)
    _write(market, out, FILL, slot, size, side, 0)
    _write(market, out, MODIFY if left else CANCEL, slot, left or size, side, ENDED)
    _take(market, slot, size)


@njit(cache=True)
def _take(market, slot, size):
    market.size[slot] -= size
    if market.size[slot] > 0:
        return
    _leave(market, slot)
    market.counts[RESTING] -= 1
    last = market.slots[market.counts[RESTING]]
    market.slots[market.place[slot]], market.place[last] = last, market.place[slot]
    market.slots[market.counts[RESTING]], market.place[slot] = slot, market.counts[RESTING]


@njit(cache=True)
def _join(market, slot):
    """Mostly near the touch, sometimes inside the spread, one in a hundred far away, never across."""
    side, chance = market.side[slot], np.random.random()
    away = int(chance * chance * 60) - 1
    if np.random.random() < 0.01:
        away = int(np.random.random() * 10_000)
    bid, ask = market.best
    tick = min(bid - away, ask - 1) if side == 0 else max(ask + away, bid + 1)
    first = market.front[side * TICKS + tick]
    market.tick[slot], market.behind[slot], market.before[slot] = tick, first, 0
    market.front[side * TICKS + tick] = slot
    if first != 0:
        market.before[first] = slot
    market.best[side] = max(bid, tick) if side == 0 else min(ask, tick)


@njit(cache=True)
def _leave(market, slot):
    side, before, behind = market.side[slot], market.before[slot], market.behind[slot]
    if before != 0:
        market.behind[before] = behind
    else:
        market.front[side * TICKS + market.tick[slot]] = behind
    if behind != 0:
        market.before[behind] = before
    step, best = (-1 if side == 0 else 1), market.best[side]
    while market.front[side * TICKS + best] == 0 and 0 < best < TICKS - 1:
        best += step
    market.best[side] = best
