"""When the lines of a shard are of, without reading more of them than how each begins: what order they stand in."""

import numpy as np

from lakeflow.vendors.polymarket.compiled import Ints, Raw, kernel, piece

NOWHERE = -1
SPACE, TAB, LINE_FEED, QUOTE, ZERO, NINE = 32, 9, 10, 34, 48, 57
AT_ONCE = 64  # letters that are looked at together
PAST = 9 * 10**15  # microseconds; a number that is more is none of a time
FIRST, LAST = 0, 1
BEFORE = {
    name: np.array(list(f'{{"{name}":'.encode()), np.uint8) for name in ("recv_us", "observed_us")
}  # fmt: skip


@kernel
def ascends(text: Raw, before: Raw, out: Ints) -> bool:
    """Whether each line begins with a time, and none goes back, also behind the last of `out`; the last line may have no end."""
    at = 0
    while at < text.size:
        end = line_end(text, at)
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
def line_end(text: Raw, start: int) -> int:
    """Where a line ends, with its line feed or with the text."""
    # Unsigned: of a signed place Numba asks each time whether it counts from the end.
    at, many, size = np.uint64(start), np.uint64(AT_ONCE), np.uint64(text.size)
    while at + many <= size:
        found = False
        for place in range(at, at + many):
            found |= text[place] == LINE_FEED
        if found:
            break
        at += many
    while at < size and text[at] != LINE_FEED:
        at += np.uint64(1)
    return int(np.int64(at))


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
