"""The replay of both books of a market, change by change: best levels, their sizes, what rests near, and whether it can be believed."""

from typing import NamedTuple

import numpy as np

from lakeflow.vendors.polymarket.compiled import Bytes, Ints, kernel, piece

TICKS = 10_000
CLEAR, LEVEL, FORGET = 0, 1, 2  # any other tells best prices alone
RIGHT, WRONG = (
    -3,
    -4,
)  # in place of the best price that is said: a whole book, and whether its hash is that of its content
TOKEN, MESSAGE = 1, 2  # a row ends what a message says of a token, or all that it says
UNTOLD = -2  # what no state of a book is
NOTHING = -1  # a side without a level, and a best price that a message does not say
NOT_BEGUN, UNVERIFIABLE, MATCH, MISMATCH, CROSSED, FORGOTTEN = 0, 1, 2, 3, 4, 5
MIRROR_UNKNOWN, MIRRORED, MIRROR_BROKEN = 0, 1, 2
CENT = 100
# Columns of `out`: best prices in ticks, their sizes, dollars within 1, 2 and 5 cents of the best levels, in millionths.
BID_AT, ASK_AT, BID_SIZE, ASK_SIZE, NEAR_1, NEAR_2, NEAR_5 = 0, 1, 2, 3, 4, 5, 6
WIDTH = 7


class Books(NamedTuple):
    """The state of a market's two books."""

    resting: Ints
    best: Ints
    reach: Ints
    begun: Bytes
    before: Ints
    broken: Ints


def empty() -> Books:
    """Books of which nothing is known."""
    reach = np.tile(np.array([TICKS, 0], np.int64), (2, 2, 1))
    before, broken = np.full((2, 5), UNTOLD, np.int64), np.zeros(1, np.int64)
    resting, best = np.zeros((2, 2, TICKS + 1), np.int64), np.full((2, 2), NOTHING, np.int64)
    return Books(resting, best, reach, np.zeros(2, np.int8), before, broken)


@kernel
def step(  # noqa: C901, PLR0913, PLR0917  a kernel takes arrays, no objects, and decides case by case
    start: Ints, which: Bytes, op: Bytes, side: Bytes, tick: Ints, size: Ints, said_bid: Ints, said_ask: Ints, ends: Bytes,
    resting: Ints, best: Ints, reach: Ints, begun: Bytes, before: Ints, broken: Ints, out: Ints, out_verdict: Bytes, out_mirror: Bytes, out_changed: Bytes,
) -> None:  # fmt: skip
    """Markets lie one after another from `start`, the first of them perhaps begun before; a row of `out` where a message ends.

    `which` of a market's two tokens a change is of.
    """
    # resting: size on a level, by token and side · best: best tick, by token and side · begun: whether the book is known
    # reach: lowest and highest level that was ever set since the book was empty, so that the others need not be looked at
    # broken: levels whose mirror in the other token differs · before: last row told, to tell what changed
    # since: first row of a message, which may be of both tokens and is mirrored only when it is over
    for market in range(start.size - 1):
        if market > 0:
            for token in range(2):
                clear(resting, best, reach, token)
            begun[:] = 0
            before[:] = UNTOLD
            broken[0] = 0
        since = start[market]
        for row in range(start[market], start[market + 1]):
            token = which[row]
            if op[row] == CLEAR:
                broken[0] += clear(resting, best, reach, token)
                begun[token] = 1
                before[token, 4] = UNTOLD  # a whole book is told whatever it says
            elif op[row] == LEVEL and begun[token]:
                broken[0] += put(resting, best, reach, token, side[row], tick[row], size[row])
            elif op[row] == FORGET:
                broken[0] += clear(resting, best, reach, token)
                begun[token] = 0
            if ends[row]:
                verdict = believed(best, begun, token, op[row], said_bid[row], said_ask[row])
                if verdict == CROSSED:
                    begun[token] = 0
                out_verdict[row] = verdict
                tell(resting, best, token, out[row])
                out_changed[row] = changed(before, token, out[row], verdict)
                if out_changed[row]:
                    out[row, NEAR_1], out[row, NEAR_2], out[row, NEAR_5] = near(
                        resting[token], best[token], reach[token]
                    )
            if ends[row] == MESSAGE:
                out_mirror[since : row + 1] = mirror(begun, broken[0])
                since = row + 1


@piece
def clear(resting: Ints, best: Ints, reach: Ints, token: int) -> int:
    """Empty a token's book; how many levels more differ from their mirror."""
    more = 0
    for side in range(2):
        for at in range(reach[token, side, 0], reach[token, side, 1] + 1):
            if resting[token, side, at]:
                other = resting[1 - token, 1 - side, TICKS - at]
                more += int(other != 0) - int(other != resting[token, side, at])
                resting[token, side, at] = 0
        best[token, side] = NOTHING
        reach[token, side, 0], reach[token, side, 1] = TICKS, 0
    return more


@piece
def put(  # noqa: PLR0913  the state of both books, and a level
    resting: Ints, best: Ints, reach: Ints, token: int, side: int, at: int, size: int
) -> int:
    """A level has a size now; how many levels more differ from their mirror."""
    reach[token, side, 0] = min(reach[token, side, 0], at)
    reach[token, side, 1] = max(reach[token, side, 1], at)
    other = resting[1 - token, 1 - side, TICKS - at]
    more = int(other != size) - int(other != resting[token, side, at])
    resting[token, side, at] = size
    now = best[token, side]
    if size:
        if now == NOTHING or (at > now if side == 0 else at < now):
            best[token, side] = at
    elif at == now:
        best[token, side] = next_best(resting[token, side], reach[token, side], at, side)
    return more


@piece
def next_best(levels: Ints, reach: Ints, at: int, side: int) -> int:
    """The best level that is worse than one."""
    step_to, end = (-1, reach[0] - 1) if side == 0 else (1, reach[1] + 1)
    for worse in range(at + step_to, end, step_to):
        if levels[worse]:
            return worse
    return NOTHING


@piece
def believed(best: Ints, begun: Bytes, token: int, op: int, said_bid: int, said_ask: int) -> int:
    """Whether the best prices are those that the message says; a book that crosses is none until the next one begins."""
    if not begun[token]:
        return FORGOTTEN if op == FORGET else NOT_BEGUN
    bid, ask = best[token, 0], best[token, 1]
    if bid >= ask and ask != NOTHING:  # a bid of nothing lies below every ask
        return CROSSED
    if said_bid <= RIGHT:
        return MATCH if said_bid == RIGHT else MISMATCH
    if min(said_bid, said_ask) == NOTHING:
        return UNVERIFIABLE
    same = said_bid == (0 if bid == NOTHING else bid) and said_ask == (TICKS if ask == NOTHING else ask)
    return MATCH if same else MISMATCH


@piece
def mirror(begun: Bytes, broken: int) -> int:
    """Whether bids of one token are asks of the other; unknown until both books have begun."""
    if not (begun[0] and begun[1]):
        return MIRROR_UNKNOWN
    return MIRROR_BROKEN if broken else MIRRORED


@piece
def tell(resting: Ints, best: Ints, token: int, out: Ints) -> None:
    """Best levels and their sizes."""
    for side in range(2):
        at = best[token, side]
        out[BID_AT + side] = at
        out[BID_SIZE + side] = resting[token, side, at] if at != NOTHING else 0


@piece
def near(levels: Ints, best: Ints, reach: Ints) -> tuple[int, int, int]:
    """Dollars of both sides within 1, 2 and 5 cents of the best level of each."""
    one = two = five = 0
    for side in range(2):
        top = best[side]
        if top == NOTHING:
            continue
        for away in range(5 * CENT + 1):
            at = top - away if side == 0 else top + away
            if at < reach[side, 0] or at > reach[side, 1]:
                break
            if levels[side, at]:
                size = levels[side, at]
                # size times price is more than 64 bits hold
                dollars = size // TICKS * at + size % TICKS * at // TICKS
                one += dollars if away <= CENT else 0
                two += dollars if away <= 2 * CENT else 0
                five += dollars
    return one, two, five


@piece
def changed(before: Ints, token: int, out: Ints, verdict: int) -> int:
    """Whether the best levels or the verdict are others than when they were told last."""
    same = before[token, 4] == verdict
    for column in range(4):
        same = same and before[token, column] == out[column]
        before[token, column] = out[column]
    before[token, 4] = verdict
    return 0 if same else 1
