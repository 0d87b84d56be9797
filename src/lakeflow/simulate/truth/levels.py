"""The price levels of both sides as two sorted lists, the best price last: the plainest book that can be kept."""

from lakeflow.simulate.compiled import piece
from lakeflow.simulate.plain import ASK, BID, NO_PRICE, Longs, Number
from lakeflow.simulate.truth.desk import Desk


@piece
def place_of(desk: Desk, side: Number, key: Number) -> Number:
    """How many levels are worse than a key."""
    low, high = 0, desk.used[side]
    while low < high:
        middle = (low + high) // 2
        if desk.keys[side, middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@piece
def shift(desk: Desk, side: Number, price: Number, lots: Number, orders: Number) -> None:
    """Let so many lots and orders come to a price, or go; a level without lots is none."""
    key = price if side == BID else -price
    at, used = place_of(desk, side, key), desk.used[side]
    if at == used or desk.keys[side, at] != key:
        for n in range(used, at, -1):
            copy_level(desk, side, n - 1, n)
        desk.keys[side, at], desk.lots[side, at], desk.orders[side, at] = key, 0, 0
        desk.used[side] = used = used + 1
    desk.lots[side, at] += lots
    desk.orders[side, at] += orders
    if desk.lots[side, at] == 0:
        for n in range(at + 1, used):
            copy_level(desk, side, n, n - 1)
        desk.used[side] = used - 1


@piece
def copy_level(desk: Desk, side: Number, one: Number, other: Number) -> None:
    desk.keys[side, other] = desk.keys[side, one]
    desk.lots[side, other] = desk.lots[side, one]
    desk.orders[side, other] = desk.orders[side, one]


@piece
def best(desk: Desk, side: Number) -> Number:
    """The best price of a side, NO_PRICE when it is empty."""
    used = desk.used[side]
    if used == 0:
        return NO_PRICE
    return desk.keys[BID, used - 1] if side == BID else -desk.keys[ASK, used - 1]


@piece
def read_ten(desk: Desk, out_ten: Longs) -> None:
    """Ten levels a side: prices, sizes and counts of bids, then those of asks."""
    for side in (BID, ASK):
        for n in range(10):
            at, to = desk.used[side] - 1 - n, side * 30 + n
            out_ten[to], out_ten[to + 10], out_ten[to + 20] = NO_PRICE, 0, 0
            if at >= 0:
                key = desk.keys[side, at]
                out_ten[to] = key if side == BID else -key
                out_ten[to + 10] = desk.lots[side, at]
                out_ten[to + 20] = desk.orders[side, at]


@piece
def read_sums(desk: Desk, out_sums: Longs) -> None:
    """The lots of the twenty best levels of bids and of asks, then those up to ten ticks behind each best."""
    for side in (BID, ASK):
        out_sums[side], out_sums[2 + side] = 0, 0
        used = desk.used[side]
        for at in range(used):
            lots = desk.lots[side, at]
            out_sums[side] += lots if at >= used - 20 else 0
            if desk.keys[side, at] >= desk.keys[side, used - 1] - 10 * desk.tick:
                out_sums[2 + side] += lots


@piece
def band_of(away: Number, tick: Number) -> Number:
    """0 at the touch or before it, 1 up to 4 ticks behind, 2 up to 20, 3 further away."""
    ticks = away // tick
    if ticks < 1:
        return 0
    if ticks < 5:
        return 1
    return 2 if ticks < 21 else 3


@piece
def read_bands(desk: Desk, tick: Number, out_bands: Longs) -> None:
    """The lots in each band of bids, then of asks."""
    for n in range(6):
        out_bands[n] = 0
    for side in (BID, ASK):
        at = desk.used[side] - 1
        top = desk.keys[side, max(at, 0)]
        while at >= 0:
            band = band_of(top - desk.keys[side, at], tick)
            if band == 3:
                break
            out_bands[side * 3 + band] += desk.lots[side, at]
            at -= 1
