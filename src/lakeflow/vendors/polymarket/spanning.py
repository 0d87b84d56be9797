"""When the lines of a shard are of, without reading more of them than how each begins: what order they stand in."""

import numpy as np

from lakeflow.vendors.polymarket.compiled import Ints, Raw, kernel, piece

NOWHERE = -1
SPACE, TAB, QUOTE, ZERO, NINE = 32, 9, 34, 48, 57
PAST = 9 * 10**15  # microseconds; a number that is more is none of a time
FIRST, LAST = 0, 1
BEFORE = {
    name: np.array(list(f'{{"{name}":'.encode()), np.uint8) for name in ("recv_us", "observed_us")
}  # fmt: skip


@kernel
def ascends(text: Raw, ends: Ints, before: Raw, out: Ints) -> bool:
    """Whether each line begins with a time, and none goes back, also behind the last of `out`; the last line may have no end."""
    at = 0
    for line in range(ends.size + 1):
        end = ends[line] if line < ends.size else text.size
        if line == ends.size and at == end:
            break
        begin = at = past(text, at, before)
        total = 0
        while 0 <= at < end and total < PAST and ZERO <= text[at] <= NINE:
            total = total * 10 + int(text[at]) - ZERO
            at += 1
        if begin < 0 or at == begin or total >= PAST or total < out[LAST]:
            return False
        if out[FIRST] < 0:
            out[FIRST] = total
        out[LAST] = total
        at = end + 1
    return True


@piece
def past(text: Raw, at: int, key: Raw) -> int:
    """Where the value begins that a key is before, whatever spaces stand between its marks; NOWHERE if it is not there."""
    quotes = 0
    for letter in key:
        while quotes != 1 and at < text.size and (text[at] == SPACE or text[at] == TAB):
            at += 1
        if at >= text.size or text[at] != letter:
            return NOWHERE
        quotes += letter == QUOTE
        at += 1
    while at < text.size and (text[at] == SPACE or text[at] == TAB):
        at += 1
    return at
