"""When the lines of a shard are of, without reading more of them than how each begins: what order they stand in."""

import numpy as np

from lakeflow.vendors.polymarket.compiled import Ints, Raw, kernel, piece

NOWHERE = -1
SPACE, TAB, LINE_FEED, QUOTE, ZERO, NINE = 32, 9, 10, 34, 48, 57
PAST = 9 * 10**15  # microseconds; a number that is more is none of a time
FIRST, LAST = 0, 1
BEFORE = {
    name: np.array(list(f'{{"{name}":'.encode()), np.uint8) for name in ("recv_us", "observed_us")
}  # fmt: skip


@kernel
def ascends(text: Raw, before: Raw, out: Ints) -> int:
    """How many lines there are if each begins with a time and none goes back, also behind the last of `out`; else NOWHERE."""
    at = count = 0
    while at < text.size:
        at = past(text, at, before)
        total, begin = 0, at
        while 0 <= at < text.size and total < PAST and ZERO <= text[at] <= NINE:
            total = total * 10 + int(text[at]) - ZERO
            at += 1
        if at < 0 or at == begin or total >= PAST or total < out[LAST]:
            return NOWHERE
        if out[FIRST] < 0:
            out[FIRST] = total
        out[LAST] = total
        count += 1
        while at < text.size and text[at] != LINE_FEED:
            at += 1
        at += 1
    return count


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
