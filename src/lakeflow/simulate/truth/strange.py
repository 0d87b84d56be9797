"""What is wrong with records, counted by class and minute with the first of each."""

from lakeflow.simulate.compiled import piece
from lakeflow.simulate.plain import Number
from lakeflow.simulate.truth.desk import (
    CLASSES,
    DUPLICATE_ADD,
    NEVER,
    OVER_CANCEL,
    PRICE_MISMATCH,
    SIDE_FLIP,
    UNKNOWN_MODIFY,
    WRONG,
    Desk,
    Told,
)

MINUTE = 60_000_000_000
KINDS = len(CLASSES)


@piece
def note(desk: Desk, kind: Number) -> None:
    """Count the record under way."""
    if desk.wrong[kind, 0] == 0:
        desk.wrong[kind, 1] = desk.number
    desk.wrong[kind, 0] += 1


@piece
def note_cancel(desk: Desk, at: Number, side: Number, price: Number, size: Number) -> None:
    """A cancel of an order that rests on another side, at another price, or is smaller."""
    if desk.side[at] != side:
        note(desk, SIDE_FLIP)
    if desk.price[at] != price:
        note(desk, PRICE_MISMATCH)
    if size > desk.size[at]:
        note(desk, OVER_CANCEL)


@piece
def note_change(desk: Desk, at: Number, side: Number, is_modify: Number, is_known: Number) -> None:
    """An add of an order that rests already, a modify of one that does not, or to the other side."""
    if not is_modify and is_known:
        note(desk, DUPLICATE_ADD)
    if is_modify and not is_known:
        note(desk, UNKNOWN_MODIFY)
    if is_modify and is_known and desk.side[at] != side:
        note(desk, SIDE_FLIP)


@piece
def end_minute(desk: Desk, told: Told) -> None:
    """Tell what was wrong in the minute that is over, and begin that of the clock."""
    for kind in range(KINDS):
        if desk.minute != NEVER and desk.wrong[kind, 0] != 0:
            line = told.anomalies[told.used[WRONG]]
            told.used[WRONG] += 1
            line[0], line[1], line[2], line[3] = desk.minute, kind, desk.wrong[kind, 0], desk.wrong[kind, 1]
            desk.wrong[kind, 0] = 0
    desk.minute = desk.clock // MINUTE * MINUTE
