"""Price changes read from the bytes of their frames, in the one shape that nearly all have: any other is left to the decoder."""

import numpy as np

from lakeflow.vendors.polymarket.compiled import Bytes, Ints, Raw, kernel, piece

NOWHERE = -1
SPACE, TAB, LINE_FEED, RETURN, DELETE = 32, 9, 10, 13, 127
QUOTE, ESCAPE, COLON, COMMA, POINT, ZERO, NINE = 34, 92, 58, 44, 46, 48, 57
OPEN, CLOSE, LIST, LIST_END = 123, 125, 91, 93
MARKET, TIME, TYPE, LISTED = 0, 1, 2, 3
ASSET, PRICE, SIZE, SIDE, HASH, BID, ASK = 0, 1, 2, 3, 4, 5, 6
TICK_DIGITS, SHARE_DIGITS, WHOLE_DIGITS, MILLIS_DIGITS = 4, 6, 9, 13
TICKS, LAST_MILLIS = 10_000, 9_000_000_000_000
# Rows of `out`: frame and place in it, the token's name from and to, and the change as the replay eats it.
FRAME, PART, NAME, NAME_END, BUYS, AT, SHARES, SAID_BID, SAID_ASK = 0, 1, 2, 3, 4, 5, 6, 7, 8
WIDTH = 9


def words(*texts: str) -> Raw:
    """Texts as rows of bytes, each ended by a quote as it stands in a frame."""
    longest = max(map(len, texts)) + 1
    return np.array([list(f'{text}"'.ljust(longest).encode()) for text in texts], np.uint8)


OF_MESSAGE = words("market", "timestamp", "event_type", "price_changes")
OF_CHANGE = words("asset_id", "price", "size", "side", "hash", "best_bid", "best_ask")
KIND, SIDES = words("price_change"), words("BUY", "SELL")


PLAIN = np.zeros(256, np.uint8)  # letters that stand for themselves and are one byte
PLAIN[SPACE:DELETE] = 1
PLAIN[[QUOTE, ESCAPE]] = 0


@kernel
def skim(text: Raw, start: Ints, out_read: Bytes, out_market: Ints, out_millis: Ints, out: Ints) -> int:
    """Frames lie one after another from `start`; how many changes those hold that could be read, as `out_read` says."""
    # rows: changes told · found, one: where the values of a message and of a change begin and end
    found, one = np.empty((4, 2), np.int64), np.empty((7, 2), np.int64)
    rows = 0
    for frame in range(start.size - 1):
        more = message(text, start[frame], start[frame + 1], frame, rows, found, one, out)
        if more < 0:
            continue
        millis = instant(text, found[TIME, 0], found[TIME, 1])
        if millis < 0:
            continue
        out_read[frame], out_millis[frame] = 1, millis
        out_market[0, frame], out_market[1, frame] = found[MARKET, 0], found[MARKET, 1]
        rows = more
    return rows


@piece
def message(  # noqa: PLR0911, PLR0913, PLR0917  a frame, where to write, and a return for each shape that is another
    text: Raw, at: int, end: int, frame: int, rows: int, found: Ints, one: Ints, out: Ints
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
            rows, at = changes(text, at, end, frame, rows, one, out)
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
def changes(  # noqa: PLR0913, PLR0917  the same
    text: Raw, at: int, end: int, frame: int, rows: int, one: Ints, out: Ints
) -> tuple[int, int]:
    """How many changes there are with those of a list, and where it ends."""
    part = 0
    if at >= end or text[at] != LIST:
        return rows, NOWHERE
    while text[at] != LIST_END:
        at = change(text, past_spaces(text, at + 1, end), end, one)
        if at < 0 or not level(text, one, out, rows):
            return rows, NOWHERE
        out[FRAME, rows], out[PART, rows] = frame, part
        rows, part = rows + 1, part + 1
        at = past_spaces(text, at + 1, end)
        if at >= end or (text[at] != COMMA and text[at] != LIST_END):
            return rows, NOWHERE
    return rows, at


@piece
def change(text: Raw, at: int, end: int, one: Ints) -> int:
    """Where a change ends, its values in `one`."""
    one[:], word = NOWHERE, NOWHERE
    if at >= end or text[at] != OPEN:
        return NOWHERE
    while text[at] != CLOSE:
        word, at = field(text, at + 1, end, OF_CHANGE, word + 1)
        if word < 0 or one[word, 0] >= 0:
            return NOWHERE
        one[word, 0] = at + 1
        at = closing(text, at, end)
        if at < 0:
            return NOWHERE
        one[word, 1] = at
        at = past_spaces(text, at + 1, end)
        if at >= end or (text[at] != COMMA and text[at] != CLOSE):
            return NOWHERE
    return at


@piece
def level(text: Raw, one: Ints, out: Ints, row: int) -> bool:
    """Whether the values of a change are what the replay eats: a token, a side, and numbers that stand on its ticks."""
    out[NAME, row], out[NAME_END, row] = one[ASSET, 0], one[ASSET, 1]
    out[BUYS, row] = NOWHERE
    for side in range(2):
        if past_name(text, one[SIDE, 0], one[SIDE, 1] + 1, SIDES, side) >= 0:
            out[BUYS, row] = side
    out[AT, row] = number(text, one[PRICE, 0], one[PRICE, 1], TICK_DIGITS)
    out[SHARES, row] = number(text, one[SIZE, 0], one[SIZE, 1], SHARE_DIGITS)
    bid, ask = said(text, one[BID, 0], one[BID, 1], 0), said(text, one[ASK, 0], one[ASK, 1], TICKS)
    out[SAID_BID, row], out[SAID_ASK, row] = bid, ask
    is_level = out[NAME, row] < out[NAME_END, row] and out[BUYS, row] >= 0 and 0 <= out[AT, row] <= TICKS and out[SHARES, row] >= 0
    return is_level and NOWHERE <= bid <= TICKS and NOWHERE <= ask <= TICKS


@piece
def said(text: Raw, at: int, end: int, empty: int) -> int:
    """A best price: of an empty text that of an empty side, of none NOWHERE, and of no price less than that."""
    if at < 0:
        return NOWHERE
    if at == end:
        return empty
    found = number(text, at, end, TICK_DIGITS)
    return found if found >= 0 else NOWHERE - 1


@piece
def number(text: Raw, at: int, end: int, digits: int) -> int:
    """A decimal text times ten to the `digits`; NOWHERE of one that is written otherwise, or more exactly."""
    point = at
    while point < end and text[point] != POINT:
        point += 1
    if at < 0 or point - at > WHOLE_DIGITS or end - at > 2 * WHOLE_DIGITS or end - at == int(point < end):
        return NOWHERE
    if point - at > 1 and text[at] == ZERO:
        return NOWHERE
    total, last = 0, point + 1 + digits
    for place in range(at, max(end, last)):
        if place == point:
            continue
        digit = np.int64(text[place]) - ZERO if place < end else 0
        if digit < 0 or digit > NINE - ZERO or (place >= last and digit > 0):
            return NOWHERE
        total = total * 10 + digit if place < last else total
    return total


@piece
def instant(text: Raw, at: int, end: int) -> int:
    """Milliseconds since 1970 in the thirteen digits of our times; NOWHERE of anything else."""
    if end - at != MILLIS_DIGITS or text[at] == ZERO:
        return NOWHERE
    total = 0
    for place in range(at, end):
        digit = np.int64(text[place]) - ZERO
        if digit < 0 or digit > NINE - ZERO:
            return NOWHERE
        total = total * 10 + digit
    return total if total < LAST_MILLIS else NOWHERE


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
    for place in range(at + 1, end):
        if not PLAIN[text[place]]:
            return place if text[place] == QUOTE else NOWHERE
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
    while at < end and (
        text[at] == SPACE or text[at] == TAB or text[at] == LINE_FEED or text[at] == RETURN
    ):
        at += 1
    return at
