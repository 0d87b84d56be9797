"""One pass over order records: every book kept, and what changed in it told when its event ends."""

import numpy as np

from lakeflow.market.aggregates import decide_aggregate
from lakeflow.market.anomalies import BAD_SIDE, IMPLICIT_CLEAR, MAYBE_BAD_BOOK, UNKNOWN_ACTION, UNKNOWN_FILL
from lakeflow.market.clearing import clear
from lakeflow.market.compiled import kernel, rare, tiny
from lakeflow.market.index import ask_for_entry, ask_for_order, book_of, find
from lakeflow.market.machine import ONE, ZERO, address, prefetch
from lakeflow.market.memory import memory_of
from lakeflow.market.policy import JOINS, LEAVES, RESIZES, decide
from lakeflow.market.queue import forget, join, leave, new_order, resize
from lakeflow.market.records import (
    ACTION_SHIFT,
    ADD,
    ASK,
    BID,
    BYTE,
    CANCEL,
    CLEAR,
    F_LAST,
    F_MAYBE_BAD_BOOK,
    F_MBP,
    F_SNAPSHOT,
    F_TOB,
    FILL,
    FLAGS_SHIFT,
    HEAD,
    ID,
    KEY_SHIFT,
    MODIFY,
    NOTHING,
    PRICE,
    RECEIVED,
    SIDE_SHIFT,
    SIZE_MASK,
    TAIL,
    TRADE,
    WORDS,
)
from lakeflow.market.state import BOOK, ORDERS_LIVE, SNAPSHOT_DAY, STOPPED, SUSPECT
from lakeflow.market.telling import tables_of, tell, tell_wrong

AHEAD = np.uint64(60 * 7)  # words
FAR, NEAR = np.uint64(10), np.uint64(5)  # records
DAY_NS = np.uint64(86_400_000_000_000)

# Why a pass stops before a record: what there is no room for.
DONE, NO_BOOK, NO_ORDER = (np.uint64(n) for n in range(3))


@kernel
def replay(records, start, seen, state, out_told):
    """Apply the records from `start` on and say how far it came; `seen` is the number of the first in its stream.

    It stops early, before a record and with the reason in `state.counts[STOPPED]`, where the state has to grow.
    """
    memory, words, out = memory_of(state), address(records), tables_of(out_told)
    end = np.uint64(len(records)) // WORDS
    name, book = ZERO - ONE, ZERO
    memory.counts[STOPPED] = DONE
    for n in range(start, end):
        at = n * WORDS
        if words[at + HEAD] >> KEY_SHIFT != name:
            name = words[at + HEAD] >> KEY_SHIFT
            book = book_of(memory, name)
            if book + ONE == ZERO:
                memory.counts[STOPPED] = NO_BOOK
                return n
        if memory.counts[ORDERS_LIVE] >= memory.index_mask >> ONE:
            memory.counts[STOPPED] = NO_ORDER
            return n
        # What is far away in memory is asked for some records before it is needed.
        prefetch(words, at + AHEAD)
        ask_for_entry(memory, book, words[min(n + FAR, end - ONE) * WORDS + ID])
        ask_for_order(memory, book, words[min(n + NEAR, end - ONE) * WORDS + ID])
        wrong = apply(memory, book, words, at)
        if wrong != ZERO:
            tell_wrong(book, seen + n, wrong, out)
        if (words[at + TAIL] >> FLAGS_SHIFT) & F_LAST != ZERO:
            tell(memory, book, words, at, seen + n, out)
    return end


@tiny
def apply(memory, book, words, at):
    """Do what one record says; what is wrong with it comes back as bits."""
    tail = words[at + TAIL]
    action, wrong = (tail >> ACTION_SHIFT) & BYTE, ZERO
    if action == ADD or action == CANCEL or action == MODIFY:
        side = tail >> SIDE_SHIFT
        wrong = change(memory, book, words, at) if side == BID or side == ASK else BAD_SIDE
    elif action == CLEAR:
        clear(memory, book)
        memory.books[book * BOOK + SNAPSHOT_DAY] = np.int64(words[at + RECEIVED] // DAY_NS)
    elif action == FILL:
        wrong = UNKNOWN_FILL if find(memory, book, words[at + ID])[0] == ZERO else ZERO
    elif action != TRADE and action != NOTHING:
        wrong = UNKNOWN_ACTION
    if (tail >> FLAGS_SHIFT) & F_MAYBE_BAD_BOOK != ZERO:
        memory.books[book * BOOK + SUSPECT] = 1
        wrong |= MAYBE_BAD_BOOK
    return wrong


@tiny
def change(memory, book, words, at):
    """Do an add, a cancel or a modify, each in the way that its flags ask for."""
    tail = words[at + TAIL]
    action, flags, size = (tail >> ACTION_SHIFT) & BYTE, (tail >> FLAGS_SHIFT) & BYTE, tail & SIZE_MASK
    ladder = book + book + (ONE if tail >> SIDE_SHIFT == ASK else ZERO)
    price, wrong = np.int64(words[at + PRICE]), ZERO
    if flags & F_SNAPSHOT != ZERO and action == ADD:
        wrong = begin_snapshot(memory, book, words[at + RECEIVED])
    else:
        memory.books[book * BOOK + SNAPSHOT_DAY] = -1
    if flags & (F_TOB | F_MBP) != ZERO:
        verb, slot, left, faults = decide_aggregate(memory, ladder, action, flags, price, size)
        act_seldom(memory, ladder, verb, slot, ZERO, price, left, ONE, ZERO)
        return wrong | faults
    slot, place = find(memory, book, words[at + ID])
    verb, left, faults = decide(memory, ladder, action, slot, price, size)
    act(memory, ladder, verb, slot, words[at + ID], price, left, ZERO, place)
    return wrong | faults


@tiny
def act(memory, ladder, verb, slot, order_id, price, size, aggregate, place):
    """Do what was decided."""
    if verb & RESIZES != ZERO:
        resize(memory, slot, size)
        return
    if verb & LEAVES != ZERO:
        leave(memory, slot)
        if verb & JOINS == ZERO:
            forget(memory, slot, place)
    if verb & JOINS != ZERO:
        if slot == ZERO:
            slot = new_order(memory, ladder >> ONE, order_id, aggregate, place)
        join(memory, ladder, price, slot, size)


@rare
def act_seldom(memory, ladder, verb, slot, order_id, price, size, aggregate, place):
    """The same, called: all that it is made of is not put into one more place."""
    act(memory, ladder, verb, slot, order_id, price, size, aggregate, place)


@rare
def begin_snapshot(memory, book, received):
    """Clear before the first add of a snapshot that brings no clear of its own, as files before February 2024 do."""
    day = np.int64(received // DAY_NS)
    row = book * BOOK + SNAPSHOT_DAY
    if memory.books[row] == day:
        return ZERO
    memory.books[row] = day
    clear(memory, book)
    return IMPLICIT_CLEAR
