"""Resting orders by publisher and number, in a table that is searched from where a number should stand."""

import numpy as np

from lakeflow.simulate.compiled import piece
from lakeflow.simulate.plain import Number
from lakeflow.simulate.truth.desk import NOBODY, PLACES, Desk
from lakeflow.simulate.truth.levels import shift

MIX = np.uint64(0x9E3779B97F4A7C15)


@piece
def home_of(order_id: Number) -> Number:
    return np.int64((np.uint64(order_id) * MIX) >> np.uint64(20)) & (PLACES - 1)


@piece
def find(desk: Desk, venue: Number, order_id: Number) -> Number:
    """The place of an order, or where it would be put; free when it is not known."""
    at = home_of(order_id)
    while desk.venue[at] != NOBODY and (desk.venue[at] != venue or desk.ids[at] != order_id):
        at = (at + 1) & (PLACES - 1)
    return at


@piece
def put(desk: Desk, at: Number, venue: Number, order_id: Number) -> None:
    """Take a free place; where it rests is for the caller to write."""
    desk.venue[at] = venue
    desk.ids[at] = order_id
    desk.live += 1


@piece
def remove(desk: Desk, at: Number) -> None:
    """Free a place, and move up those behind it that were put there because it was taken."""
    last, free = PLACES - 1, at
    at = (at + 1) & last
    while desk.venue[at] != NOBODY:
        home = home_of(desk.ids[at])
        if ((at - home) & last) >= ((at - free) & last):
            desk.ids[free], desk.venue[free] = desk.ids[at], desk.venue[at]
            desk.side[free], desk.price[free] = desk.side[at], desk.price[at]
            desk.size[free] = desk.size[at]
            free = at
        at = (at + 1) & last
    desk.venue[free] = NOBODY
    desk.live -= 1


@piece
def clear(desk: Desk, venue: Number) -> None:
    """Take every order of a publisher out of the book."""
    for at in range(PLACES):
        while desk.venue[at] == venue:
            shift(desk, desk.side[at], desk.price[at], -desk.size[at], -1)
            remove(desk, at)
