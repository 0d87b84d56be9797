"""Why a record is refused before it is a row: what cannot be told from the row itself, or cannot be one."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from lakeflow.market.symbols import is_above_zero
from lakeflow.vendors.databento.codes import ACTIONS, UNDEF_TIMESTAMP
from lakeflow.vendors.databento.directory import DAY_NS, EPOCH, UNKNOWN, Codes
from lakeflow.vendors.databento.orders import ACTION_CODES, NONE, SIDE_CODES, words
from lakeflow.vendors.databento.records import Records
from lakeflow.vendors.databento.repeats import LETTER, Memory, refuse_repeats

# In the order in which they are asked; a record has the first that applies. 0 is no reason: a row.
REASONS = (
    "",
    "b01_outside_date",
    "b01_impossible_time",
    "b02_unknown_action",
    "b02_unknown_side",
    "b02_unknown_instrument",
    "b02_undefined_instrument",
    "b04_price_not_above_zero",
    "b06_repeated",
)
OUTSIDE, IMPOSSIBLE, ACTION, SIDE, INSTRUMENT, UNDEFINED_INSTRUMENT, PRICE, REPEATED = range(1, len(REASONS))
ADD, MODIFY = ACTIONS.index("A"), ACTIONS.index("M")

NO_TIME = np.uint64(UNDEF_TIMESTAMP)
LAST_TIME = np.uint64(2**63 - 1)  # what fits a table's 64 signed bits, in the year 2262

Verdict = npt.NDArray[np.uint8]


class Known(NamedTuple):
    """What a delivery tells of the ids of its day, ascending: whose symbol, if it is defined, and if its price is above 0."""

    day: date
    ids: npt.NDArray[np.uint32]
    codes: Codes
    defined: npt.NDArray[np.bool_]
    above_zero: npt.NDArray[np.bool_]


class Judged(NamedTuple):
    """Of each order record its symbol's place and the reason against it; `refused` counts those that have one."""

    codes: Codes
    verdict: Verdict
    refused: int
    first: int  # the place of the first record's symbol if it is every record's, else UNKNOWN


def above_zero(product_type: str, symbols: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which symbols must have prices above zero: shares and options all, futures by what they are on."""
    return np.array([product_type != "future_mbo" or is_above_zero(symbol) for symbol in symbols], np.bool_)


def outside(received: npt.NDArray[np.uint64], day: date) -> npt.NDArray[np.bool_]:
    """Which records were received on another UTC date, or at no known time."""
    start = (day - EPOCH).days * DAY_NS
    found: npt.NDArray[np.bool_] = (received < np.uint64(start)) | (received >= np.uint64(start + DAY_NS))
    return found


def judge_beside(rows: Records, day: date) -> Verdict:
    """The reason against each record of another schema, as a place in REASONS; a trade has an action and a side."""
    verdict = np.where(outside(rows["ts_recv"], day), np.uint8(OUTSIDE), np.uint8(0))
    verdict[(verdict == 0) & (rows["ts_event"] > LAST_TIME) & (rows["ts_event"] != NO_TIME)] = IMPOSSIBLE
    if "side" in (rows.dtype.names or ()):
        for field, codes, reason in (("action", ACTION_CODES, ACTION), ("side", SIDE_CODES, SIDE)):
            letters = np.ascontiguousarray(rows[field]).view(np.uint8)
            verdict[(verdict == 0) & (codes[letters] == NONE)] = reason
    return verdict


def judge(rows: Records, known: Known, seen: Memory) -> Judged:
    """The reason against each order record, as a place in REASONS."""
    codes, verdict = np.empty(len(rows), np.int32), np.empty(len(rows), np.uint8)
    start = np.uint64((known.day - EPOCH).days * DAY_NS)
    given = words(rows)
    refused, first = _judge(given, start, *known[1:], ACTION_CODES, SIDE_CODES, codes, verdict)
    refused += refuse_repeats(given, ACTION_CODES, seen, REPEATED, verdict)
    return Judged(codes, verdict, refused, first)


@njit(cache=True, nogil=True, error_model="numpy")
def _judge(words, start, ids, codes, defined, above, actions, sides, out_codes, out_verdict):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913, PLR0917  a kernel; numba infers them
    """How many are refused, and the one symbol of all; a symbol is looked up only where the instrument changes."""
    refused, instrument, place, code, first = 0, np.uint64(2**63), 0, UNKNOWN, UNKNOWN
    for i in range(len(out_codes)):
        at = 7 * i
        event, tail = words[at + 1], words[at + 4]
        if words[at] >> np.uint64(32) != instrument:
            instrument = words[at] >> np.uint64(32)
            place = np.searchsorted(ids, instrument)
            code = codes[place] if place < len(ids) and ids[place] == instrument else UNKNOWN
            first = code if i == 0 else UNKNOWN
        action = actions[(tail >> np.uint64(48)) & LETTER]
        reason = 0
        if words[at + 5] - start >= np.uint64(
            DAY_NS
        ):  # a time before the start wraps to one far behind the end
            reason = OUTSIDE
        elif event > LAST_TIME and event != NO_TIME:
            reason = IMPOSSIBLE
        elif action == NONE:
            reason = ACTION
        elif sides[tail >> np.uint64(56)] == NONE:
            reason = SIDE
        elif code == UNKNOWN:
            reason = INSTRUMENT
        elif not defined[place]:
            reason = UNDEFINED_INSTRUMENT
        elif above[place] and np.int64(words[at + 3]) <= 0 and (action == ADD or action == MODIFY):  # noqa: PLR1714, SIM109  two comparisons are two instructions
            reason = PRICE
        out_codes[i], out_verdict[i] = code, reason
        refused += reason != 0
    return refused, first
