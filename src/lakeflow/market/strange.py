"""What is done to the books beside an ordinary change: a fresh start, a snapshot, sizes that are no orders, and the sum of the books."""

import numpy as np

from lakeflow.market.aggregates import decide_aggregate
from lakeflow.market.clearing import clear
from lakeflow.market.compiled import piece, rare
from lakeflow.market.consolidated import pour, pour_out, shift_level
from lakeflow.market.index import find
from lakeflow.market.kernel import DAY_NS, act_seldom, begin_snapshot
from lakeflow.market.ladder import key_of
from lakeflow.market.machine import ONE, TWO, ZERO
from lakeflow.market.meter import (
    HAS_RESET,
    MAIN,
)
from lakeflow.market.policy import JOINS, LEAVES, RESIZES, decide
from lakeflow.market.records import (
    ACTION_SHIFT,
    BYTE,
    CANCEL,
    F_MBP,
    F_SNAPSHOT,
    F_TOB,
    FLAGS_SHIFT,
    ID,
    PRICE,
    SIZE_MASK,
    TAIL,
)
from lakeflow.market.state import BOOK, KEY, LADDER, LEVEL, LONGS, ROW, SIZE, SNAPSHOT_DAY


@rare
def start_afresh(memory, gauge, book):
    """Empty a book, and take it out of the sum of the books."""
    gauge.now[HAS_RESET] = 1
    main = np.uint64(gauge.now[MAIN])
    if main != book:
        pour(memory, book, main, -1)
    clear(memory, book)


@piece
def standing(memory, slot):
    """The ladder, size and price of the order in a slot; of none, nothing."""
    if slot == ZERO:
        return ZERO, np.int64(0), np.int64(0)
    order = slot * ROW
    ladder = np.uint64(memory.nodes[order + LADDER])
    key = memory.longs[np.uint64(memory.nodes[order + LEVEL]) * LONGS + KEY]
    return ladder, np.int64(memory.nodes[order + SIZE]), key_of(ladder, key)


@rare
def follow_sum(memory, gauge, ladder, verb, words, at, left, was, lots, price, aggregate):
    """Do to the sum of the books what was done to one of them."""
    into = np.uint64(gauge.now[MAIN]) * TWO
    orders = np.int64(ONE - aggregate)
    if verb & RESIZES != ZERO:
        if np.int64(left) != lots:
            shift_level(memory, into + (was & ONE), price, np.int64(left) - lots, 0)
        return
    if verb & LEAVES != ZERO:
        shift_level(memory, into + (was & ONE), price, -lots, -orders)
    if verb & JOINS != ZERO:
        shift_level(memory, into + (ladder & ONE), np.int64(words[at + PRICE]), np.int64(left), orders)


@rare
def change_strange(memory, gauge, ladder, words, at):
    """A change by a snapshot, or of a size that is no order: it is done, and is no flow."""
    tail = words[at + TAIL]
    action, flags, size = (tail >> ACTION_SHIFT) & BYTE, (tail >> FLAGS_SHIFT) & BYTE, tail & SIZE_MASK
    price = np.int64(words[at + PRICE])
    if flags & F_SNAPSHOT != ZERO:
        gauge.now[HAS_RESET] = 1
    main = np.uint64(gauge.now[MAIN])
    if flags & F_TOB != ZERO and action != CANCEL and main != ladder >> ONE:
        pour_out(memory, ladder, main * TWO + (ladder & ONE))
    aggregate, place = ONE, ZERO
    if flags & (F_TOB | F_MBP) != ZERO:
        verb, slot, left, wrong = decide_aggregate(memory, ladder, action, flags, price, size)
    else:
        aggregate = ZERO
        slot, place = find(memory, ladder >> ONE, words[at + ID])
        verb, left, wrong = decide(memory, ladder, action, slot, price, size)
    was, lots, old = standing(memory, slot)
    order_id = ZERO if aggregate != ZERO else words[at + ID]
    act_seldom(memory, ladder, verb, slot, order_id, price, left, aggregate, place)
    if main != ladder >> ONE:
        follow_sum(memory, gauge, ladder, verb, words, at, left, was, lots, old, aggregate)
    return wrong


@rare
def enter_snapshot(memory, gauge, book, received):
    """Empty the book before a snapshot that does not say so itself."""
    if memory.books[book * BOOK + SNAPSHOT_DAY] == np.int64(received // DAY_NS):
        return ZERO
    start_afresh(memory, gauge, book)
    return begin_snapshot(memory, book, received)
