"""Parts of a long text that are names, each name known by a number: a day has few of them, and says them very often."""

import numpy as np
import polars as pl

from lakeflow.vendors.polymarket.compiled import Ints, Raw, kernel, piece

FREE, TAIL, PRIME = -1, 8, 16_777_619
NAME = (
    pl.Categorical()
)  # names of tokens and markets as their numbers: they are long, and a part of a day says each very often
NONE = -1


def named(text: Raw, begin: Ints, stop: Ints) -> tuple[Ints, pl.Series]:
    """The number of each name, and the names."""
    slots = np.full(1 << max(4, int(2 * begin.size).bit_length()), FREE, np.int64)
    number, first = np.empty(begin.size, np.int64), np.empty(begin.size, np.int64)
    count = distinct(text, begin, stop, slots, number, first)
    said = [bytes(text[begin[at] : stop[at]]).decode() for at in first[:count]]
    return number, pl.Series(said, dtype=pl.String)


def numbered(names: pl.Series) -> tuple[Ints, pl.Series]:
    """The number of each name among those that are there, and these."""
    few = names.unique()
    code, known = (each.to_physical().cast(pl.Int64).fill_null(NONE).to_numpy() for each in (names, few))
    number = np.empty(known.max(initial=NONE) + 2, np.int64)  # the last place is that of no name
    number[known] = np.arange(len(few))
    return number[code], few


def spelled(names: pl.Series) -> pl.Series:
    """Names as text, each of them spelled once."""
    number, few = numbered(names)
    return few.cast(pl.String).gather(number)


@kernel
def distinct(text: Raw, begin: Ints, stop: Ints, slots: Ints, out_number: Ints, out_first: Ints) -> int:
    """How many names there are, numbered as they come; `slots` has twice the room, a power of two."""
    # slots: the number of the name that hashes there, or to a place before it that was taken
    count, mask = 0, slots.size - 1
    for row in range(begin.size):
        hashed, length = 0, stop[row] - begin[row]
        for place in range(max(begin[row], stop[row] - TAIL), stop[row]):  # names differ at their end
            hashed = (hashed ^ text[place]) * PRIME & 0xFFFFFFFFFF
        slot = (hashed ^ hashed >> 20) & mask
        while slots[slot] != FREE:
            known = out_first[slots[slot]]
            if stop[known] - begin[known] == length and differ(text, begin[known], begin[row], length) == 0:
                break
            slot = slot + 1 & mask
        if slots[slot] == FREE:
            slots[slot], out_first[count] = count, row
            count += 1
        out_number[row] = slots[slot]
    return count


@piece
def differ(text: Raw, one: int, other: int, length: int) -> int:
    """0 of two texts that are the same; it looks on after the first difference, so that it can look at many letters at a time."""
    first, second = text[one : one + length], text[other : other + length]
    found = np.uint8(0)
    for letter in range(length):
        found |= first[letter] ^ second[letter]
    return int(found)
