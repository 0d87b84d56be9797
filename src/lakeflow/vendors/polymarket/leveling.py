"""The values of price changes, as texts that are known by their places, in the whole numbers that the replay eats."""

from lakeflow.vendors.polymarket.compiled import Bytes, Ints, Raw, kernel, piece

NOWHERE = -1
POINT, ZERO, NINE = 46, 48, 57
BUY, SELL = (66, 85, 89), (83, 69, 76, 76)
TICK_DIGITS, SHARE_DIGITS, MOST_DIGITS = 4, 6, 18
TICKS, MOST_SHARES = 10_000, 10**15
# Rows of `values`, from which and to which each value stands: those of a change, in the order of its fields.
TOKEN, PRICE, SIZE, SIDE, BID, ASK = 0, 2, 4, 6, 10, 12
BUYS, AT, SHARES, SAID_BID, SAID_ASK = 0, 1, 2, 3, 4
WIDTH = 5


@kernel
def levels(text: Raw, values: Ints, rows: int, out: Ints, out_good: Bytes) -> None:
    """Changes in whole numbers; one whose values are written otherwise is not good."""
    for row in range(rows):
        side, side_end = values[SIDE, row], values[SIDE + 1, row]
        out[BUYS, row] = (
            0 if same(text, side, side_end, BUY) else 1 if same(text, side, side_end, SELL) else NOWHERE
        )
        out[AT, row] = number(text, values[PRICE, row], values[PRICE + 1, row], TICK_DIGITS)
        out[SHARES, row] = number(text, values[SIZE, row], values[SIZE + 1, row], SHARE_DIGITS)
        bid = said(text, values[BID, row], values[BID + 1, row], 0)
        ask = said(text, values[ASK, row], values[ASK + 1, row], TICKS)
        out[SAID_BID, row], out[SAID_ASK, row] = bid, ask
        is_named = values[TOKEN, row] < values[TOKEN + 1, row] and out[BUYS, row] >= 0
        is_level = 0 <= out[AT, row] <= TICKS and 0 <= out[SHARES, row] < MOST_SHARES
        is_said = NOWHERE <= bid <= TICKS and NOWHERE <= ask <= TICKS
        out_good[row] = is_named and is_level and is_said


@piece
def same(text: Raw, at: int, end: int, letters: tuple[int, ...]) -> bool:
    """Whether a text is of these letters."""
    if at < 0 or end - at != len(letters):
        return False
    is_same = True
    for place in range(len(letters)):
        is_same &= text[at + place] == letters[place]
    return is_same


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
    if at < 0 or point - at > MOST_DIGITS // 2 or end - at > MOST_DIGITS or end - at == int(point < end):
        return NOWHERE
    if point - at > 1 and text[at] == ZERO:
        return NOWHERE
    total, last = 0, point + 1 + digits
    for place in range(at, max(end, last)):
        if place == point:
            continue
        digit = int(text[place]) - ZERO if place < end else 0
        if digit < 0 or digit > NINE - ZERO or (place >= last and digit > 0):
            return NOWHERE
        total = total * 10 + digit if place < last else total
    return total
