"""One record done to the books, and what it did noted: what came, what went, and what moved the mid."""

import numpy as np

from lakeflow.market.anomalies import BAD_SIDE, MAYBE_BAD_BOOK, UNKNOWN_ACTION, UNKNOWN_FILL
from lakeflow.market.bands import come, go, note_fill, use_fills
from lakeflow.market.compiled import piece, rare, tiny
from lakeflow.market.index import find
from lakeflow.market.kernel import DAY_NS, act
from lakeflow.market.machine import ONE, ZERO
from lakeflow.market.meter import (
    ADDED,
    CANCELLED,
    FILLS_FIRST,
    FILLS_USED,
    MAIN,
    MODIFIED,
    RESET,
    TRADED,
)
from lakeflow.market.policy import JOINS, LEAVES, RESIZES, decide
from lakeflow.market.records import (
    ACTION_SHIFT,
    ADD,
    ASK,
    BID,
    BYTE,
    CANCEL,
    CLEAR,
    F_MAYBE_BAD_BOOK,
    F_MBP,
    F_SNAPSHOT,
    F_TOB,
    FILL,
    FLAGS_SHIFT,
    ID,
    MODIFY,
    NOTHING,
    PRICE,
    RECEIVED,
    SIDE_SHIFT,
    SIZE_MASK,
    TAIL,
    TRADE,
)
from lakeflow.market.state import BOOK, SNAPSHOT_DAY, SUSPECT
from lakeflow.market.strange import change_strange, enter_snapshot, follow_sum, standing, start_afresh
from lakeflow.market.trading import match_fill, note_trade


@tiny
def follow(memory, gauge, book, words, at, row):
    """Do what one record says. What is wrong with it comes back as bits, and what it would move the mid by."""
    tail = words[at + TAIL]
    action, wrong, cause = (tail >> ACTION_SHIFT) & BYTE, ZERO, RESET
    if action == ADD or action == CANCEL or action == MODIFY:
        side = tail >> SIDE_SHIFT
        wrong = BAD_SIDE
        if side == BID or side == ASK:
            wrong, cause = change(memory, gauge, book, words, at)
    elif action == CLEAR:
        start_afresh(memory, gauge, book)
        memory.books[book * BOOK + SNAPSHOT_DAY] = np.int64(words[at + RECEIVED] // DAY_NS)
    elif action == FILL:
        wrong = follow_fill(memory, gauge, book, words, at)
    elif action == TRADE:
        note_trade(gauge, words, at, row)
    elif action != NOTHING:
        wrong = UNKNOWN_ACTION
    if (tail >> FLAGS_SHIFT) & F_MAYBE_BAD_BOOK != ZERO:
        memory.books[book * BOOK + SUSPECT] = 1
        wrong |= MAYBE_BAD_BOOK
    return wrong, cause


@rare
def follow_fill(memory, gauge, book, words, at):
    lots = words[at + TAIL] & SIZE_MASK
    match_fill(gauge, words, at)
    if find(memory, book, words[at + ID])[0] == ZERO:
        return UNKNOWN_FILL
    note_fill(gauge, book, words[at + ID], lots)
    return ZERO


@tiny
def change(memory, gauge, book, words, at):
    """An add, a cancel or a modify."""
    tail = words[at + TAIL]
    action, flags, size = (tail >> ACTION_SHIFT) & BYTE, (tail >> FLAGS_SHIFT) & BYTE, tail & SIZE_MASK
    ladder = book + book + (ONE if tail >> SIDE_SHIFT == ASK else ZERO)
    wrong = ZERO
    if flags & F_SNAPSHOT != ZERO and action == ADD:
        wrong = enter_snapshot(memory, gauge, book, words[at + RECEIVED])
    else:
        memory.books[book * BOOK + SNAPSHOT_DAY] = -1
    if flags & (F_TOB | F_MBP | F_SNAPSHOT) != ZERO:
        return wrong | change_strange(memory, gauge, ladder, words, at), RESET
    slot, place = find(memory, book, words[at + ID])
    verb, left, faults = decide(memory, ladder, action, slot, np.int64(words[at + PRICE]), size)
    was, lots, price = standing(memory, slot)
    act(memory, ladder, verb, slot, words[at + ID], np.int64(words[at + PRICE]), left, ZERO, place)
    if np.uint64(gauge.now[MAIN]) != book:
        follow_sum(memory, gauge, ladder, verb, words, at, left, was, lots, price, ZERO)
    cause = note_flow(gauge, ladder, verb, words, at, np.int64(left), was, lots, price)
    return faults, cause


@piece
def note_flow(gauge, ladder, verb, words, at, left, was, lots, price):
    """What came and went by an order that rested with so many lots at a price; says what this may move the mid by."""
    action = (words[at + TAIL] >> ACTION_SHIFT) & BYTE
    altered, to = action == MODIFY, np.int64(words[at + PRICE])
    cause = ADDED if action == ADD else (CANCELLED if action == CANCEL else MODIFIED)
    if verb & JOINS != ZERO and verb & LEAVES != ZERO and altered and was == ladder and price == to:
        come(gauge, ladder & ONE, to, left - lots, altered)
        return cause
    if verb & (LEAVES | RESIZES) != ZERO:
        gone, filled = lots - (left if verb & RESIZES != ZERO else 0), np.int64(0)
        if gauge.now[FILLS_FIRST] != gauge.now[FILLS_USED] and verb & JOINS == ZERO:
            filled = use_fills(gauge, was >> ONE, words[at + ID], gone)
        if gone != 0:
            go(gauge, was & ONE, price, gone, filled, altered)
        if filled != 0 and action == CANCEL:
            cause = TRADED
    if verb & JOINS != ZERO:
        come(gauge, ladder & ONE, to, left, altered)
    return cause
