"""The tables that measuring a book fills, a column after the other, and how a kernel writes into them."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lakeflow.market.compiled import piece, tiny
from lakeflow.market.machine import FOUR, ONE, THREE, TWO, ZERO, address

QUOTES = tuple(f"{side}_{what}" for side in ("bid", "ask") for what in ("price", "size", "count"))
TENS = tuple(f"{name}_{n}" for name in QUOTES for n in range(1, 11))
LOTS = tuple(f"{side}_lots_{reach}" for reach in ("20", "10t") for side in ("bid", "ask"))
EVENT = ("row", "ts_recv", "ts_event")
STATE = ("suspect", "flags")
KNOWN = ("ts_snapshot", "ts_px_jump", "ts_px_move")
MOVES = tuple(f"from_{cause}" for cause in ("trade", "cancel", "add", "modify", "reset"))
COLUMNS: dict[str, tuple[str, ...]] = {
    "bbo": (*EVENT, *QUOTES, "ts_second", *STATE),
    "depth": ("ts_second", "row", "ts_recv", *TENS, *LOTS, *STATE),
    "mbp": (*EVENT, *TENS, *STATE),
    "trades": (
        *EVENT, "price", "size", "side", "sign", "sign_method", "filled", "fills", "order_id", "sequence",
        "publisher_id", "ts_second", *STATE,
    ),
    "flow": (
        "ts_second", "side", "band", "depth_start", "depth_end", "add", "cancel", "fill", "shift", "modified",
        "adds", "cancels", "fills", "modifies",
    ),
    "ofi": (
        "ts_second", "events", "max_wait_ns", *KNOWN, *(f"{what}_{n}" for what in ("ofi", "size_sum") for n in range(1, 11)),
    ),
    "moves": (*EVENT, "half_ticks", *MOVES, "ts_second"),
    "anomalies": ("ts_minute", "class", "count", "first_row"),
}  # fmt: skip
BBO, DEPTH, MBP, TRADES, FLOW, OFI, MOVED, ANOMALIES = (np.uint64(n) for n in range(8))
# Rows that a record can cause at most, on average; a record may end a second of six flows and a minute of all classes.
MOST = np.array([{"flow": 6, "anomalies": 13}.get(name, 1) for name in COLUMNS])
# Rows of each table that are worth handing over; fewer of a wide one, so that what is held stays small.
ENOUGH = {name: 8_192 if len(columns) > 16 else 32_768 for name, columns in COLUMNS.items()}


Values = npt.NDArray[np.int64]  # rows of a table, a line for each column


class Sheets(NamedTuple):
    """A table each, with room for `room` rows, and how many rows each has."""

    bbo: npt.NDArray[np.int64]
    depth: npt.NDArray[np.int64]
    mbp: npt.NDArray[np.int64]
    trades: npt.NDArray[np.int64]
    flow: npt.NDArray[np.int64]
    ofi: npt.NDArray[np.int64]
    moves: npt.NDArray[np.int64]
    anomalies: npt.NDArray[np.int64]
    rows: npt.NDArray[np.uint64]
    room: npt.NDArray[np.uint64]


class Paper(NamedTuple):
    """Sheets as kernels see them."""

    bbo: Any
    depth: Any
    mbp: Any
    trades: Any
    flow: Any
    ofi: Any
    moves: Any
    anomalies: Any
    rows: Any
    room: Any


def blank_sheets(records: int, held: int = 0, *, leveled: bool) -> Sheets:
    """Room for what so many records can tell at most, beside rows that are held; no room for levels unless asked."""
    room = np.maximum(list(ENOUGH.values()), held) + (records + 1) * MOST
    room[int(MBP)] *= leveled
    tables = {
        name: np.empty(len(columns) * size, np.int64)
        for (name, columns), size in zip(COLUMNS.items(), room.tolist(), strict=True)
    }
    return Sheets(**tables, rows=np.zeros(8, np.uint64), room=room.astype(np.uint64))


def has_room(sheets: Sheets, records: int, *, leveled: bool) -> bool:
    needed = sheets.rows.astype(np.int64) + (records + 1) * MOST
    needed[int(MBP)] *= leveled
    return bool((needed <= sheets.room.astype(np.int64)).all())


def filled(sheets: Sheets) -> dict[str, Values]:
    """What is written in each table."""
    return {
        name: getattr(sheets, name).reshape(len(columns), -1)[:, : int(rows)]
        for (name, columns), rows in zip(COLUMNS.items(), sheets.rows, strict=True)
    }


def moved(sheets: Sheets, into: Sheets) -> Sheets:
    """Roomier sheets with the same rows."""
    old, new = filled(sheets), filled(into._replace(rows=sheets.rows))
    for name, values in old.items():
        new[name][:] = values
    return into._replace(rows=sheets.rows)


@tiny
def paper_of(sheets):
    """Valid for as long as the arrays are held."""
    return Paper(
        address(sheets.bbo),
        address(sheets.depth),
        address(sheets.mbp),
        address(sheets.trades),
        address(sheets.flow),
        address(sheets.ofi),
        address(sheets.moves),
        address(sheets.anomalies),
        address(sheets.rows),
        address(sheets.room),
    )


@piece
def next_row(paper, table):
    """Where the next row of a table goes, and how far apart its columns lie."""
    row = paper.rows[table]
    paper.rows[table] = row + ONE
    return row, paper.room[table]


@piece
def write_event(sheet, row, room, number, received, happened):
    sheet[row] = number
    sheet[row + room] = received
    sheet[row + TWO * room] = happened


@piece
def write_levels(sheet, row, room, shown, step):
    """What is shown of both sides, every `step`th number, after three columns; says where the columns after it begin."""
    at, n = row + THREE * room, ZERO
    while n < np.uint64(60):
        sheet[at] = shown[n]
        at += room
        n += step
    return at


@piece
def write_state(sheet, at, room, suspect, flags):
    sheet[at] = suspect
    sheet[at + room] = flags


@piece
def copy_columns(sheet, at, room, values, first, count):
    """So many numbers as a row, from a column on; says where the columns after it begin."""
    for n in range(count):
        sheet[at] = values[first + n]
        at += room
    return at


@piece
def write_four(sheet, row, room, first, second, third, fourth):
    write_event(sheet, row, room, first, second, third)
    sheet[row + THREE * room] = fourth
    return row + FOUR * room
