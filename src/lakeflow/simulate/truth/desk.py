"""All that an account remembers between records: the book, the event and the second under way, the rows told so far."""

from typing import Any

import numpy as np
import numpy.typing as npt

from lakeflow.simulate.plain import NO_PRICE

NEVER, NOBODY = -1, -1
PIECE = 8_192  # records followed at a time
LEVELS, PLACES = 1 << 16, 1 << 17  # room for levels of a side, and for orders, half of which may be taken
VENUES, FILLS, TRADES, SEEN = 64, 1 << 14, 1 << 14, 64
FLOWS = ("add", "cancel", "fill", "modified", "adds", "cancels", "fills", "modifies")
ADDED, CANCELLED, FILLED, MODIFIED, TIMES = 0, 1, 2, 3, 4
BY_TRADE, BY_CANCEL, BY_ADD, BY_MODIFY, BY_RESET = range(5)
TRADE_COLUMNS = 14

# As the contract of `anomalies` names them; those that no simulated day holds have no number here.
CLASSES = [
    "unknown_action",
    "bad_side",
    "undefined_price",
    "bad_size",
    "duplicate_add",
    "unknown_cancel",
    "over_cancel",
    "unknown_modify",
    "unknown_fill",
    "side_flip",
    "price_mismatch",
    "implicit_clear",
    "maybe_bad_book",
]
DUPLICATE_ADD, UNKNOWN_CANCEL, OVER_CANCEL, UNKNOWN_MODIFY, UNKNOWN_FILL, SIDE_FLIP, PRICE_MISMATCH = range(
    4, 11
)
IMPLICIT_CLEAR, MAYBE_BAD_BOOK = 11, 12

# clock: latest receipt · second: that events end in, in ns · bid, ask: best before the event · half: last two-sided mid, told_half: at an event's end
# turn: of the trade price, up or down · is_open: an event is under way · is_reset: it clears or is a snapshot
# ended: when the last event did, waited: the longest wait for one of the second
# is_snapshot: the event is one or part of one · taken: when the last of the second ended
# told_suspect: as last told · is_dirty: levels have changed in the second · events: of the second · live: orders
NUMBERS = [
    "tick",
    "clock",
    "second",
    "bid",
    "ask",
    "half",
    "has_half",
    "told_half",
    "has_told_half",
    "last_price",
    "has_price",
    "turn",
    "is_open",
    "is_reset",
    "told_suspect",
    "is_dirty",
    "events",
    "last_row",
    "last_received",
    "fills_used",
    "trades_used",
    "seen_used",
    "live",
    "is_leveled",
    "minute",
    "number",
    "ended",
    "waited",
    "is_snapshot",
    "taken",
]
DESK = np.dtype(
    [
        *((name, "i8") for name in NUMBERS),
        # By side and place: a key that grows towards the best price, and the lots and orders that rest there.
        *((name, "i8", (2, LEVELS)) for name in ("keys", "lots", "orders")),
        ("used", "i8", (2,)),
        # A place an order: who it is, where it rests, how large it is. A place is free when its venue is NOBODY.
        ("ids", "u8", (PLACES,)),
        *((name, "i8", (PLACES,)) for name in ("venue", "side", "price", "size")),
        ("venues", "i8", (VENUES,)),  # publishers in the order in which they came
        ("suspect", "i8", (VENUES,)),
        ("snapshot_day", "i8", (VENUES,)),
        ("fills", "u8", (FILLS, 3)),  # of the event: venue, order and what is left
        ("trades", "i8", (TRADES, TRADE_COLUMNS)),  # of the event, as they will be told
        ("seen", "u8", (SEEN, 7)),  # the last orders of the file, to know a repeat
        ("shown", "i8", (60,)),  # ten levels a side after the last event
        ("fresh", "i8", (60,)),
        ("bands", "i8", (6,)),  # lots after the last event
        ("sums", "i8", (4,)),  # lots of twenty levels by side, and of ten ticks, after the last event
        ("told_sums", "i8", (4,)),  # as `depth` last told them
        ("starts", "i8", (6,)),  # lots at the start of the second
        ("of_event", "i8", (6, len(FLOWS))),  # flows by band and kind
        ("of_second", "i8", (6, len(FLOWS))),
        ("imbalance", "i8", (20,)),  # of the second: ten levels, and ten sums of sizes
        ("moved", "i8", (5,)),  # of the event, by cause
        ("wrong", "i8", (len(CLASSES), 2)),  # of the minute: how many, and which record was the first
    ]
)
WIDTHS = {"bbo": 11, "depth": 68, "trades": 15, "flow": 14, "ofi": 24, "moves": 10, "mbp": 64, "anomalies": 4}
ROOM = dict.fromkeys(WIDTHS, PIECE + 1) | {
    "flow": 6 * (PIECE + 1),
    "anomalies": len(CLASSES) * (PIECE + 1),
    "trades": PIECE + TRADES,
}
TOLD = np.dtype(
    [("used", "i8", (len(WIDTHS),)), *((name, "i8", (ROOM[name], width)) for name, width in WIDTHS.items())]
)
BBO, DEPTH, TRADED, FLOW, OFI, MOVED, MBP, WRONG = range(len(WIDTHS))

# Records of those types: one pointer each, where tuples of arrays would be a hundred arguments of every piece.
Desk = Any
Told = Any
Desks = npt.NDArray[np.void]


def fresh_desk(tick: int, *, leveled: bool) -> Desks:
    """Nothing has happened yet; an array of one, as kernels take it."""
    desks = np.zeros(1, DESK)
    desk = desks[0]
    desk["tick"], desk["is_leveled"] = tick, leveled
    for name in ("clock", "second", "minute", "told_suspect", "ended", "taken"):
        desk[name] = NEVER
    for side in (0, 30):
        desk["shown"][side : side + 10] = NO_PRICE
    for name in ("venue", "venues", "snapshot_day"):
        desk[name][:] = NOBODY
    return desks
