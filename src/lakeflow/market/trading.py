"""The trades of the event under way: who was the aggressor, and the fills that belong to each."""

import numpy as np

from lakeflow.market.compiled import piece, rare
from lakeflow.market.machine import ONE, ZERO
from lakeflow.market.meter import BEST_ASK, BEST_BID, CLOCK, LAST_PRICE, LAST_TURN, TRADE, TRADES_USED
from lakeflow.market.records import (
    ASK,
    BID,
    BYTE,
    EVENT,
    HEAD,
    ID,
    PRICE,
    RECEIVED,
    SIDE_SHIFT,
    SIZE_MASK,
    TAIL,
    UNDEF_PRICE,
)

ORDER, UPPER, VENUE = np.uint64(6), np.uint64(32), np.uint64(16)  # a word, and shifts
PRICED, LOTS, SIDED, SIGNED, METHOD, MATCHED, FILLS, NAMED, SEQUENCE, PUBLISHER, COUNTED = (
    np.uint64(n) for n in range(3, 14)
)
SOLD, BOUGHT, UNSIDED = 0, 1, 2
BY_SIDE, BY_QUOTE, BY_TICK, BY_NOTHING = range(4)
SECOND_NS = np.int64(10**9)
FAR = np.int64(2**61)  # a price of such size has no mid that fits


@rare
def note_trade(gauge, words, at, row):
    """Remember a trade until its event ends; its fills come after it."""
    trade = np.uint64(gauge.now[TRADES_USED]) * TRADE
    gauge.now[TRADES_USED] += 1
    price, side = np.int64(words[at + PRICE]), (words[at + TAIL] >> SIDE_SHIFT) & BYTE
    turn(gauge, price)
    sign, method = sign_of(gauge, price, side)
    gauge.trades[trade] = row
    gauge.trades[trade + ONE] = np.int64(words[at + RECEIVED])
    gauge.trades[trade + ONE + ONE] = np.int64(words[at + EVENT])
    gauge.trades[trade + PRICED] = price
    gauge.trades[trade + LOTS] = np.int64(words[at + TAIL] & SIZE_MASK)
    gauge.trades[trade + SIDED] = SOLD if side == ASK else (BOUGHT if side == BID else UNSIDED)
    gauge.trades[trade + SIGNED] = sign
    gauge.trades[trade + METHOD] = method
    gauge.trades[trade + MATCHED] = 0
    gauge.trades[trade + FILLS] = 0
    gauge.trades[trade + NAMED] = np.int64(words[at + ID])
    gauge.trades[trade + SEQUENCE] = np.int64(words[at + ORDER] >> UPPER)
    gauge.trades[trade + PUBLISHER] = np.int64((words[at + HEAD] >> VENUE) & np.uint64(0xFFFF))
    gauge.trades[trade + COUNTED] = gauge.now[CLOCK] // SECOND_NS * SECOND_NS


@piece
def turn(gauge, price):
    """Note whether the price of trades went up or down when it last changed."""
    last = gauge.now[LAST_PRICE]
    if price == UNDEF_PRICE:
        return
    if last != UNDEF_PRICE and price != last:
        gauge.now[LAST_TURN] = 1 if price > last else -1
    gauge.now[LAST_PRICE] = price


@piece
def sign_of(gauge, price, side):
    """1 for a buyer, -1 for a seller, and how that is known."""
    if side == BID or side == ASK:
        return np.int64(1 if side == BID else -1), BY_SIDE
    if price == UNDEF_PRICE:
        return np.int64(0), BY_NOTHING
    bid, ask = gauge.now[BEST_BID], gauge.now[BEST_ASK]
    if max(abs(price), abs(bid), abs(ask)) < FAR:
        above = (price - bid) - (ask - price)
        if above != 0:
            return np.int64(1 if above > 0 else -1), BY_QUOTE
    sign = gauge.now[LAST_TURN]
    return sign, (BY_TICK if sign != 0 else BY_NOTHING)


@rare
def match_fill(gauge, words, at):
    """Give a fill to the last trade before it at its price whose aggressor is not on its own side."""
    price, side = np.int64(words[at + PRICE]), (words[at + TAIL] >> SIDE_SHIFT) & BYTE
    own = SOLD if side == ASK else (BOUGHT if side == BID else -1)
    venue = np.int64((words[at + HEAD] >> VENUE) & np.uint64(0xFFFF))
    left = np.uint64(gauge.now[TRADES_USED])
    while left != ZERO:
        left -= ONE
        trade = left * TRADE
        if (
            gauge.trades[trade + PRICED] == price
            and gauge.trades[trade + SIDED] != own
            and gauge.trades[trade + PUBLISHER] == venue
        ):
            gauge.trades[trade + MATCHED] += np.int64(words[at + TAIL] & SIZE_MASK)
            gauge.trades[trade + FILLS] += 1
            return
