"""Why a record is refused before it is a row: what cannot be told from the row itself, or cannot be one."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from lakeflow.market.symbols import is_above_zero
from lakeflow.vendors.databento.codes import ACTIONS, UNDEF_PRICE, UNDEF_TIMESTAMP
from lakeflow.vendors.databento.directory import DAY_NS, EPOCH, UNKNOWN, Codes
from lakeflow.vendors.databento.orders import NONE, Columns
from lakeflow.vendors.databento.records import Chunk
from lakeflow.vendors.databento.repeats import Memory, repeats

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

LAST_TIME = np.uint64(2**63 - 1)  # what fits a table's 64 signed bits, in the year 2262

Verdict = npt.NDArray[np.uint8]


class Known(NamedTuple):
    """What a delivery tells of its instruments: the ids it defines, if it defines any, and whose prices are above 0."""

    day: date
    defined: npt.NDArray[np.uint32] | None
    above_zero: npt.NDArray[np.bool_]


def above_zero(product_type: str, symbols: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which symbols must have prices above zero: shares and options all, futures by what they are on."""
    return np.array([product_type != "future_mbo" or is_above_zero(symbol) for symbol in symbols], np.bool_)


def outside(received: npt.NDArray[np.uint64], day: date) -> npt.NDArray[np.bool_]:
    """Which records were received on another UTC date, or at no known time."""
    start = (day - EPOCH).days * DAY_NS
    found: npt.NDArray[np.bool_] = (received < np.uint64(start)) | (received >= np.uint64(start + DAY_NS))
    return found


def judge(of: Columns, codes: Codes, known: Known, seen: Memory) -> Verdict:
    """The reason against each order record, as a place in REASONS."""
    verdict = np.zeros(len(codes), np.uint8)
    refused = {
        OUTSIDE: outside(of.ts_recv, known.day),
        IMPOSSIBLE: (of.ts_event > LAST_TIME) & (of.ts_event != UNDEF_TIMESTAMP),
        ACTION: of.action == NONE,
        SIDE: of.side == NONE,
        INSTRUMENT: codes == UNKNOWN,
    }
    if known.defined is not None:
        refused[UNDEFINED_INSTRUMENT] = ~np.isin(of.instrument_id, known.defined)
    if len(known.above_zero):
        placed = (of.action == ADD) | (of.action == MODIFY)
        refused[PRICE] = placed & (of.price <= 0) & (of.price != UNDEF_PRICE) & known.above_zero[codes]
    for reason, hit in refused.items():
        verdict[(verdict == 0) & hit] = reason
    verdict[repeats(of, verdict == 0, seen)] = REPEATED
    return verdict


def refusals(
    path: Path, chunk: Chunk, verdict: Verdict, place: tuple[str, str, int], names: Sequence[str | None]
) -> pl.DataFrame:
    """The refused records of a chunk as rows of `rejects`, byte for byte.

    `place` is the table they were meant for, who refused them, and the row number of the chunk's first record.
    """
    table, origin, first_row = place
    at = np.flatnonzero(verdict)
    return pl.DataFrame(
        {
            "meant_for": [table] * len(at),
            "reason": [REASONS[reason] for reason in verdict[at].tolist()],
            "origin": [origin] * len(at),
            "symbol_found": list(names),
            "file": [path.name] * len(at),
            "byte_offset": chunk.offset + at * chunk.rows.dtype.itemsize,
            "row": first_row + at,
            "record": [chunk.rows[i].tobytes() for i in at.tolist()],
        },
        schema=REJECTS,
    )


REJECTS = {
    "meant_for": pl.String(),
    "reason": pl.String(),
    "origin": pl.String(),
    "symbol_found": pl.String(),
    "file": pl.String(),
    "byte_offset": pl.Int64(),
    "row": pl.Int64(),
    "record": pl.Binary(),
}
