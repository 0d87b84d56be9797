"""What rests in books when their changes are over, and whether a new book is the one that the changes had made of the one before."""

from typing import NamedTuple

import numpy as np

from lakeflow.vendors.polymarket.compiled import Bytes, Ints, kernel, piece

TICKS = 10_000
CLEAR, LEVEL, FORGET = 0, 1, 2
CROSSED = 4
NOTHING = -1  # the tick of no level, told of each book that is known
UNKNOWN, AGAIN, OTHER = 0, 1, 2
SUM, WAS, IS_NEW = 0, 1, 2
TOKEN, SIDE, TICK, SIZE = 0, 1, 2, 3  # columns of `out_left`


class Levels(NamedTuple):
    """The levels of a market's two books."""

    sizes: Ints
    reach: Ints
    begun: Bytes
    sums: Ints


def empty() -> Levels:
    """Books of which nothing is known."""
    reach = np.empty((2, 2, 2), np.int64)
    reach[:, :, 0], reach[:, :, 1] = TICKS, 0
    sums = np.zeros((2, 3), np.int64)
    return Levels(np.zeros((2, 2, TICKS + 1), np.int64), reach, np.zeros(2, np.int8), sums)


@kernel
def keep(  # noqa: PLR0913, PLR0917  a kernel takes arrays, no objects
    start: Ints, which: Bytes, op: Bytes, side: Bytes, tick: Ints, size: Ints, ends: Bytes, verdict: Bytes,
    sizes: Ints, reach: Ints, begun: Bytes, sums: Ints, out_again: Bytes, out_left: Ints,
) -> int:  # fmt: skip
    """Markets lie one after another from `start`, the first perhaps begun before; how many rows `out_left` has, of all but the last.

    `out_again` is told where a message ends, `verdict` is what the replay thinks of the book there.
    """
    # sums: a sum over the levels of a book, what it was when a new one came, and whether one came · left: rows told
    left = 0
    for market in range(start.size - 1):
        if market > 0:
            left = leave(sizes, reach, begun, 2 * (market - 1), out_left, left)
            for token in range(2):
                clear(sizes, reach, token)
            begun[:], sums[:] = 0, 0
        for row in range(start[market], start[market + 1]):
            token = which[row]
            if op[row] == LEVEL and begun[token]:
                sums[token, SUM] += put(sizes, reach, token, side[row], tick[row], size[row])
            elif op[row] == CLEAR or op[row] == FORGET:
                clear(sizes, reach, token)
                sums[token, WAS], sums[token, SUM] = sums[token, SUM], 0
                sums[token, IS_NEW] = int(begun[token] and op[row] == CLEAR)
                begun[token] = int(op[row] == CLEAR)
            if ends[row] and sums[token, IS_NEW]:
                out_again[row] = AGAIN if sums[token, SUM] == sums[token, WAS] else OTHER
                sums[token, IS_NEW] = 0
            if ends[row] and verdict[row] == CROSSED:
                begun[token] = 0
    return left


@piece
def put(sizes: Ints, reach: Ints, token: int, side: int, at: int, size: int) -> int:
    """A level has a size now; by how much the sum of its book is more."""
    reach[token, side, 0] = min(reach[token, side, 0], at)
    reach[token, side, 1] = max(reach[token, side, 1], at)
    more = size - sizes[token, side, at]
    sizes[token, side, at] = size
    added: int = more * weight(side, at)
    return added


@piece
def weight(side: int, at: int) -> int:
    """What a share on a level adds to the sum of a book: such that other levels have another sum."""
    mixed: int = (2 * at + side + 1) * 0x1F123BB5159A55E5
    mixed ^= mixed >> 29
    mixed *= 0x2545F4914F6CDD1D
    return mixed


@piece
def clear(sizes: Ints, reach: Ints, token: int) -> None:
    """Empty a token's book."""
    for side in range(2):
        for at in range(reach[token, side, 0], reach[token, side, 1] + 1):
            sizes[token, side, at] = 0
        reach[token, side, 0], reach[token, side, 1] = TICKS, 0


@kernel
def rest(levels_sizes: Ints, reach: Ints, begun: Bytes, out: Ints) -> int:
    """Tell what rests in the books of one market."""
    return leave(levels_sizes, reach, begun, 0, out, 0)


@piece
def leave(sizes: Ints, reach: Ints, begun: Bytes, first: int, out: Ints, left: int) -> int:
    """Tell what rests in the known books of a market, whose tokens are numbered from `first`."""
    for token in range(2):
        if not begun[token]:
            continue
        out[left, TOKEN], out[left, SIDE], out[left, TICK], out[left, SIZE] = first + token, 0, NOTHING, 0
        left += 1
        for side in range(2):
            for at in range(reach[token, side, 0], reach[token, side, 1] + 1):
                if sizes[token, side, at]:
                    out[left, TOKEN], out[left, SIDE] = first + token, side
                    out[left, TICK], out[left, SIZE] = at, sizes[token, side, at]
                    left += 1
    return left
