"""Lines of a capture read from their bytes as our recorders write them: the text of each frame as it came, before JSON escaped it."""

import numpy as np

from lakeflow.vendors.polymarket.compiled import Ints, Raw, kernel, piece

NOWHERE = -1
SPACE, TAB, LINE_FEED, RETURN, DELETE = 32, 9, 10, 13, 127
QUOTE, ESCAPE, COMMA, ZERO, NINE, CLOSE = 34, 92, 44, 48, 57, 125
MOST_DIGITS = 18
# Rows of `out`: count of microseconds, the connection's name from and to, the frame's number, and where its text begins.
RECEIVED, CONN, CONN_END, SEQ, TEXT = 0, 1, 2, 3, 4
WIDTH = 5
BEFORE_RECEIVED, BEFORE_CONN, BEFORE_SEQ, BEFORE_FRAME = (
    np.array(list(key.encode()), np.uint8) for key in ('{"recv_us":', ',"conn":', ',"seq":', ',"frame":')
)
# What follows a backslash, and what it stands for; 0 of a letter's number, which is left to the decoder.
MEANT = np.zeros(256, np.uint8)
for _written, _letter in zip('"\\/bfnrt', '"\\/\b\f\n\r\t', strict=True):
    MEANT[ord(_written)] = ord(_letter)
ONE = np.uint64(1)
PLAIN = np.zeros(256, np.uint8)  # letters that stand for themselves and are one byte
PLAIN[SPACE:DELETE] = 1
PLAIN[[QUOTE, ESCAPE]] = 0


@kernel
def unescape(text: Raw, out: Ints, out_left: Ints, out_text: Raw) -> tuple[int, int]:
    """How many lines were read, and how many are left as `out_left` says: from and to, in bytes."""
    # read, left: lines so far · used: bytes of the frames told
    read = left = used = at = 0
    while at < text.size:
        out[TEXT, read] = used
        end, more = line(text, at, used, out[:, read], out_text)
        if end >= 0:
            read, used = read + 1, more
        else:
            end = at
            while end < text.size and text[end] != LINE_FEED:
                end += 1
            out_left[0, left], out_left[1, left] = at, end
            left += 1
        at = end + 1
    out[TEXT, read] = used
    return read, left


@kernel
def ended(text: Raw) -> int:
    """How many lines have an end."""
    count = 0
    for letter in text:
        count += letter == LINE_FEED
    return count


@piece
def line(text: Raw, at: int, used: int, out: Ints, out_text: Raw) -> tuple[int, int]:
    """Where a line ends, and the bytes used with its frame's; NOWHERE of one that is written otherwise."""
    at = number(text, past(text, at, BEFORE_RECEIVED), out, RECEIVED)
    at = past(text, at, BEFORE_CONN)
    stop = closing(text, at)
    if stop < 0:
        return NOWHERE, used
    out[CONN], out[CONN_END] = at + 1, stop
    at = number(text, past(text, stop + 1, BEFORE_SEQ), out, SEQ)
    at, used = frame(text, past(text, at, BEFORE_FRAME), used, out_text)
    at = past_spaces(text, at) if at >= 0 else text.size
    if at >= text.size or text[at] != CLOSE:
        return NOWHERE, used
    at += 1
    return (at, used) if at == text.size or text[at] == LINE_FEED else (NOWHERE, used)


@piece
def past(text: Raw, at: int, key: Raw) -> int:
    """Where the value begins that a key is before, whatever spaces stand between its marks; NOWHERE if it is not there."""
    quotes = 0
    for letter in key:
        if quotes != 1 and 0 <= at < text.size and text[at] != letter:
            at = past_spaces(text, at)
        if at < 0 or at >= text.size or text[at] != letter:
            return NOWHERE
        quotes += letter == QUOTE
        at += 1
    return past_spaces(text, at)


@piece
def number(text: Raw, at: int, out: Ints, column: int) -> int:
    """Where a whole number ends, as JSON writes one."""
    if at < 0 or at >= text.size:
        return NOWHERE
    total, place = 0, at
    while place < text.size and ZERO <= text[place] <= NINE:
        total = total * 10 + int(text[place]) - ZERO
        place += 1
        if place - at > MOST_DIGITS:
            return NOWHERE
    out[column] = total
    return NOWHERE if place == at or (text[at] == ZERO and place - at > 1) else place


@piece
def closing(text: Raw, at: int) -> int:
    """The quote that closes a text which stands as it is."""
    if at < 0 or at >= text.size or text[at] != QUOTE:
        return NOWHERE
    for place in range(at + 1, text.size):
        letter = text[place]
        if letter == QUOTE:
            return place
        if letter < SPACE or letter == ESCAPE or letter >= DELETE:
            return NOWHERE
    return NOWHERE


@piece
def frame(text: Raw, at: int, used: int, out_text: Raw) -> tuple[int, int]:
    """Where a frame ends, and the bytes used with its own."""
    if at < 0 or at >= text.size or text[at] != QUOTE:
        return NOWHERE, used
    # Places are unsigned here: of a signed one Numba asks each time whether it counts from the end, which takes half as long again.
    here, there, size = np.uint64(at + 1), np.uint64(used), np.uint64(text.size)
    while here < size:
        letter = text[here]
        while PLAIN[letter]:
            out_text[there] = letter
            here, there = here + ONE, there + ONE
            if here >= size:
                return NOWHERE, used
            letter = text[here]
        if letter == QUOTE:
            return int(np.int64(here + ONE)), int(np.int64(there))
        here += ONE
        letter = MEANT[text[here]] if letter == ESCAPE and here < size else np.uint8(0)
        if letter == 0:
            return NOWHERE, used
        out_text[there] = letter
        here, there = here + ONE, there + ONE
    return NOWHERE, used


@piece
def past_spaces(text: Raw, at: int) -> int:
    """The next place that is no space; a line's end is none."""
    while 0 <= at < text.size and (text[at] == SPACE or text[at] == TAB or text[at] == RETURN):
        at += 1
    return at
