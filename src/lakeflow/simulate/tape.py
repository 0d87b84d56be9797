"""How an event is written down: its lines, and when it is over the times, flags and number that they share; and dice."""

import numpy as np

from lakeflow.simulate.compiled import piece
from lakeflow.simulate.hazards import BACKWARDS, TORN
from lakeflow.simulate.pit import Pit
from lakeflow.simulate.plain import LETTERS, NEITHER, Number, Record, Rows
from lakeflow.vendors.databento.codes import F_BAD_TS_RECV, F_LAST, F_PUBLISHER_SPECIFIC

LENGTH, RTYPE = 14, 0xA0
STEP = np.uint64(0x9E3779B97F4A7C15)
MIX_1, MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
S30, S27, S31, S11 = (np.uint64(n) for n in (30, 27, 31, 11))
RARELY = 0.0004


@piece
def dice(pit: Pit) -> Number:
    """The next number in [0, 1) of a splitmix sequence."""
    pit.dice += STEP
    mixed = np.uint64(pit.dice)
    mixed = (mixed ^ (mixed >> S30)) * MIX_1
    mixed = (mixed ^ (mixed >> S27)) * MIX_2
    return np.float64((mixed ^ (mixed >> S31)) >> S11) / 2.0**53


@piece
def lots(pit: Pit, most: Number) -> Number:
    """A size: mostly small."""
    chance = dice(pit)
    return 1 + int(chance * chance * chance * most)


@piece
def write(rows: Rows, pit: Pit, action: Number, letter: Number) -> Number:
    """The place of a new line of the event; the rest of it is for the caller to write."""
    at = pit.written
    pit.written += 1
    rows[at].action, rows[at].side = action, letter
    return at


@piece
def tell(pit: Pit, rows: Rows, b: Number, slot: Number, action: Number, size: Number) -> None:
    """A line about a resting order."""
    row: Record = rows[write(rows, pit, action, LETTERS[pit.side[b, slot]])]
    row.order_id, row.price, row.size = pit.ids[b, slot], pit.price[b, slot], size


@piece
def tell_other(  # noqa: PLR0913  a kernel takes scalars
    pit: Pit, rows: Rows, action: Number, side: Number, order_id: Number, price: Number, size: Number
) -> None:
    """A line about what does not rest; a side of -1 is not told."""
    row: Record = rows[write(rows, pit, action, NEITHER if side < 0 else LETTERS[side])]
    row.order_id, row.price, row.size = order_id, price, size


@piece
def begin(pit: Pit) -> Number:
    """Move on to the next event's time; false when the day is over."""
    while pit.minute < 1_440 and pit.given >= pit.due[pit.minute]:
        pit.minute, pit.given = pit.minute + 1, 0
    if pit.minute == 1_440:
        return False
    start = pit.midnight + pit.minute * 60_000_000_000
    moment = start + int((pit.given + dice(pit)) / pit.due[pit.minute] * 0.97 * 60e9)
    pit.given += 1
    if dice(pit) > 0.2 or pit.moment < start:  # one event in five comes at the very moment of the last
        pit.moment = max(moment, pit.moment)
    pit.first = pit.written
    pit.sequence += 1 + int(dice(pit) * 2)
    return True


@piece
def end(pit: Pit, rows: Rows, b: Number, hazards: Number, is_ended: Number) -> None:
    """Give the lines of an event what they share."""
    pit.received = max(pit.received, pit.moment + 80_000 + int(dice(pit) * 60_000))
    received, flags, delta = pit.received, 0, 12_000 + int(dice(pit) * 3_000)
    if hazards & BACKWARDS and dice(pit) < RARELY * 4:
        received, flags = max(received - int(dice(pit) * 3e6), pit.midnight), F_BAD_TS_RECV
    for n in range(pit.first, pit.written):
        row = rows[n]
        row.length, row.rtype, row.publisher_id, row.instrument_id = (
            LENGTH,
            RTYPE,
            pit.publisher[b],
            pit.instrument[b],
        )
        row.ts_event, row.ts_recv, row.ts_in_delta, row.channel_id = pit.moment, received, delta, 0
        row.sequence, row.flags = pit.sequence, flags
    if pit.written > pit.first + 1 and hazards & TORN and dice(pit) < RARELY * 4:
        pit.received = max(pit.received, pit.moment + int(dice(pit) * 1.2e9))
        rows[pit.written - 1].ts_recv = pit.received
    if is_ended:
        rows[pit.written - 1].flags = flags | F_LAST | F_PUBLISHER_SPECIFIC
