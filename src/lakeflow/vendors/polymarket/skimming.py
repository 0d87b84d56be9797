"""Price changes read from the bytes of their frames, in the one shape that nearly all have: any other is left to the decoder."""

import numpy as np

from lakeflow.vendors.polymarket.compiled import Bytes, Ints, Raw, kernel, piece

NOWHERE = -1
SPACE, TAB, LINE_FEED, RETURN, DELETE = 32, 9, 10, 13, 127
QUOTE, ESCAPE, COLON, COMMA, ZERO, NINE = 34, 92, 58, 44, 48, 57
OPEN, CLOSE, LIST, LIST_END = 123, 125, 91, 93
MARKET, TIME, TYPE, LISTED = 0, 1, 2, 3
MILLIS_DIGITS, FIRST_MILLIS, LAST_MILLIS = 13, 10**12, 9 * 10**12
# Rows of `out`: the frame of a change and its place in it, then from and to of each of its values.
FRAME, PART, VALUES = 0, 1, 2
WIDTH = VALUES + 2 * 7
NEEDED, SHORTEST = 4, len('{"asset_id":"","price":"","size":"","side":""}')


def words(*texts: str) -> Raw:
    """Texts as rows of bytes, each ended by a quote as it stands in a frame."""
    longest = max(map(len, texts)) + 1
    return np.array([list(f'{text}"'.ljust(longest).encode()) for text in texts], np.uint8)


OF_MESSAGE = words("market", "timestamp", "event_type", "price_changes")
OF_CHANGE = words("asset_id", "price", "size", "side", "hash", "best_bid", "best_ask")
KIND = words("price_change")
ONE = np.uint64(1)
PLAIN = np.zeros(256, np.uint8)  # letters that stand for themselves and are one byte
PLAIN[SPACE:DELETE] = 1
PLAIN[[QUOTE, ESCAPE]] = 0


@kernel
def skim(text: Raw, start: Ints, out_read: Bytes, out_market: Ints, out_millis: Ints, out: Ints) -> int:
    """Frames lie one after another from `start`; how many changes those hold that could be read, as `out_read` says."""
    # rows: changes told · found: where the values of a message begin and end
    found = np.empty((4, 2), np.int64)
    rows = 0
    for frame in range(start.size - 1):
        more = message(text, start[frame], start[frame + 1], frame, rows, found, out)
        if more < 0:
            continue
        millis = whole(text, found[TIME, 0], found[TIME, 1])
        if not FIRST_MILLIS <= millis < LAST_MILLIS:
            continue
        out_read[frame], out_millis[frame] = 1, millis
        out_market[0, frame], out_market[1, frame] = found[MARKET, 0], found[MARKET, 1]
        rows = more
    return rows


@piece
def message(  # noqa: PLR0913  a frame, where to write, and a return for each shape that is another
    text: Raw, at: int, end: int, frame: int, rows: int, found: Ints, out: Ints
) -> int:
    """How many changes there are with those of a message; NOWHERE of one that lacks a field, or has one more."""
    found[:], word = NOWHERE, NOWHERE
    at = past_spaces(text, at, end)
    if at >= end or text[at] != OPEN:
        return NOWHERE
    while text[at] != CLOSE:
        word, at = field(text, at + 1, end, OF_MESSAGE, word + 1)
        if word < 0 or found[word, 0] >= 0:
            return NOWHERE
        begin = at + 1
        if word == LISTED:
            rows, at = changes(text, at, end, frame, rows, out)
        else:
            at = closing(text, at, end)
        found[word, 0], found[word, 1] = begin, at
        at = past_spaces(text, at + 1, end) if at >= 0 else end
        if at >= end or (text[at] != COMMA and text[at] != CLOSE):
            return NOWHERE
    if past_spaces(text, at + 1, end) < end or found.min() < 0 or found[MARKET, 0] == found[MARKET, 1]:
        return NOWHERE
    return rows if past_name(text, found[TYPE, 0], end, KIND, 0) >= 0 else NOWHERE


@piece
def changes(text: Raw, at: int, end: int, frame: int, rows: int, out: Ints) -> tuple[int, int]:
    """How many changes there are with those of a list, and where it ends."""
    part = 0
    if at >= end or text[at] != LIST:
        return rows, NOWHERE
    while text[at] != LIST_END:
        at = change(text, past_spaces(text, at + 1, end), end, rows, out)
        if at < 0:
            return rows, NOWHERE
        out[FRAME, rows], out[PART, rows] = frame, part
        rows, part = rows + 1, part + 1
        at = past_spaces(text, at + 1, end)
        if at >= end or (text[at] != COMMA and text[at] != LIST_END):
            return rows, NOWHERE
    return rows, at


@piece
def change(text: Raw, at: int, end: int, row: int, out: Ints) -> int:
    """Where a change ends, its values in a row of `out`."""
    out[VALUES:, row], word = NOWHERE, NOWHERE
    if at >= end or text[at] != OPEN:
        return NOWHERE
    while text[at] != CLOSE:
        word, at = field(text, at + 1, end, OF_CHANGE, word + 1)
        if word < 0 or out[VALUES + 2 * word, row] >= 0:
            return NOWHERE
        out[VALUES + 2 * word, row] = at + 1
        at = closing(text, at, end)
        if at < 0:
            return NOWHERE
        out[VALUES + 2 * word + 1, row] = at
        at = past_spaces(text, at + 1, end)
        if at >= end or (text[at] != COMMA and text[at] != CLOSE):
            return NOWHERE
    for needed in range(NEEDED):  # a change has so many bytes at least, which is why `out` has room for all
        if out[VALUES + 2 * needed, row] < 0:
            return NOWHERE
    return at


@piece
def whole(text: Raw, at: int, end: int) -> int:
    """The number of as many digits as milliseconds have; NOWHERE of anything else."""
    if end - at != MILLIS_DIGITS:
        return NOWHERE
    total = 0
    for place in range(at, end):
        if text[place] < ZERO or text[place] > NINE:
            return NOWHERE
        total = total * 10 + int(text[place]) - ZERO
    return total


@piece
def field(text: Raw, at: int, end: int, names: Raw, likely: int) -> tuple[int, int]:
    """Which of the names a field has, and where its value begins; NOWHERE of one that has another."""
    at = past_spaces(text, at, end)
    if at >= end or text[at] != QUOTE:
        return NOWHERE, at
    word = NOWHERE
    for name in range(names.shape[0]):  # fields mostly stand in one order
        tried = (name + likely) % names.shape[0]
        stop = past_name(text, at + 1, end, names, tried)
        if stop >= 0:
            word = tried
            break
    at = past_spaces(text, stop, end)
    if at >= end or text[at] != COLON:
        return NOWHERE, at
    return word, past_spaces(text, at + 1, end)


@piece
def closing(text: Raw, at: int, end: int) -> int:
    """The quote that closes a text; NOWHERE of what is no text, and of a text that is not as it stands."""
    if at >= end or text[at] != QUOTE:
        return NOWHERE
    # Unsigned: of a signed place Numba asks each time whether it counts from the end.
    place, stop = np.uint64(at + 1), np.uint64(end)
    while place < stop:
        if not PLAIN[text[place]]:
            return int(np.int64(place)) if text[place] == QUOTE else NOWHERE
        place += ONE
    return NOWHERE


@piece
def past_name(text: Raw, at: int, end: int, names: Raw, name: int) -> int:
    """Where a name and its quote end, NOWHERE if another stands there."""
    if at < 0:
        return NOWHERE
    for letter in range(min(names.shape[1], end - at)):
        if text[at + letter] != names[name, letter]:
            return NOWHERE
        if text[at + letter] == QUOTE:
            return at + letter + 1
    return NOWHERE


@piece
def past_spaces(text: Raw, at: int, end: int) -> int:
    """The next place that is no space."""
    while at < end and (text[at] == SPACE or text[at] == TAB or text[at] == LINE_FEED or text[at] == RETURN):
        at += 1
    return at
