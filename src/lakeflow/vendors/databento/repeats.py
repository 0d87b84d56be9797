"""Records that a file says twice: the same order event word for word, found among the last 65,536 and more.

A repeat has the time of what it repeats. A record later than all before it of its instrument is new without a look, one that
shares the latest time is held against those few, and only one that goes back in time is looked up in a table.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from lakeflow.vendors.databento.codes import ACTIONS, UNDEF_TIMESTAMP

WINDOW = 1 << 16  # orders remembered at least: a feed repeats itself within moments
SLOTS = 1 << 18  # of one table: two of these are 4 MiB, however long the day
LATEST = 1 << 12  # instruments, by a part of their number; those that share a place share the later time
NEAR = 32  # of one time, as many are compared one by one
NO_TIME = np.uint64(UNDEF_TIMESTAMP)
LAST_BOOKED = ACTIONS.index("M")  # add, cancel and modify come first; equal trades and fills are legal
LETTER = np.uint64(0xFF)
MIX = np.uint64(0x9E3779B97F4A7C15)
SPREAD = np.uint64(0xBF58476D1CE4E5B9)
WRITTEN, LISTED = 0, 1  # in `state`: marks ever, and of each half those that are in its table

Words = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint8]


class Memory(NamedTuple):
    """Two halves of marks in their order, each with a table that is filled from them only when it is asked."""

    marks: npt.NDArray[np.uint64]  # 2 * WINDOW
    tables: npt.NDArray[np.uint64]  # 2 * SLOTS, open-addressed, never more than a quarter full
    state: npt.NDArray[np.int64]
    latest: npt.NDArray[np.uint64]  # event time by instrument
    since: npt.NDArray[np.int64]  # how many marks there were when that time began


def memory() -> Memory:
    """Nothing seen yet."""
    return Memory(
        np.zeros(2 * WINDOW, np.uint64),
        np.zeros(2 * SLOTS, np.uint64),
        np.zeros(3, np.int64),
        np.zeros(LATEST, np.uint64),
        np.zeros(LATEST, np.int64),
    )


def refuse_repeats(words: Words, actions: Codes, seen: Memory, reason: int, verdict: Codes) -> int:
    """Put a reason against each add, cancel and modify of an order that was seen before; how many there were.

    What has a reason already is neither asked nor remembered. `actions` gives the place of a letter in ACTIONS.
    """
    found: int = _refuse_repeats(words, actions, *seen, np.uint8(reason), verdict)
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _refuse_repeats(words, actions, marks, tables, state, latest, since, reason, out_verdict):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913, PLR0917  a kernel; numba infers them
    found, written = 0, state[WRITTEN]
    for i in range(len(out_verdict)):
        at = 7 * i
        order_id, event = words[at + 2], words[at + 1]
        if (
            out_verdict[i]
            or order_id == 0
            or actions[(words[at + 4] >> np.uint64(48)) & LETTER] > LAST_BOOKED
        ):
            continue
        mark = _fingerprint(words, at)
        place = ((words[at] >> np.uint64(32)) * MIX) >> np.uint64(52)
        if event > latest[place] and event != NO_TIME:
            latest[place], since[place], is_new = event, written, True
        elif event == latest[place] and written - since[place] <= min(NEAR, written & (WINDOW - 1)):
            end = written & (2 * WINDOW - 1)
            is_new = not _is_among(marks, end - (written - since[place]), end, mark)
        else:
            is_new = not (_holds(marks, tables, state, 0, mark) or _holds(marks, tables, state, 1, mark))
        if not is_new:
            out_verdict[i] = reason
            found += 1
            continue
        marks[written & (2 * WINDOW - 1)] = mark
        written += 1
        state[WRITTEN] = written
        if written & (WINDOW - 1) == 0:
            _empty(tables, state, written // WINDOW % 2)
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _fingerprint(words, at):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  numba infers them
    """64 bits of (publisher, instrument, ts_event, sequence, action, order, price, size); two alike by chance in 1e13."""
    head, tail = words[at], words[at + 4]
    small = (head >> np.uint64(16)) << np.uint64(8) ^ ((tail >> np.uint64(48)) & LETTER)
    mark = (words[at + 2] ^ (words[at + 1] * MIX)) * SPREAD
    mark ^= mark >> np.uint64(31)
    mark = (mark ^ words[at + 3]) * MIX
    mark ^= mark >> np.uint64(29)
    mark = (mark ^ small) * SPREAD
    mark ^= mark >> np.uint64(32)
    mark = (mark ^ (tail << np.uint64(32)) ^ (words[at + 6] >> np.uint64(32))) * MIX
    mark ^= mark >> np.uint64(30)
    return max(mark, np.uint64(1))  # 0 is an empty slot


@njit(cache=True, nogil=True, error_model="numpy")
def _is_among(marks, begin, end, mark):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  numba infers them
    found = False
    for i in range(begin, end):
        found |= marks[i] == mark
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _empty(tables, state, half):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  numba infers them
    """The older half is written over from now on; only a table that was asked has anything in it."""
    if state[LISTED + half]:
        tables[half * SLOTS : (half + 1) * SLOTS] = np.uint64(0)
        state[LISTED + half] = 0


@njit(cache=True, nogil=True, error_model="numpy")
def _holds(marks, tables, state, half, mark):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  numba infers them
    """Whether a half has the mark; its table first takes in what was written since it was last asked."""
    written, base = state[WRITTEN], np.uint64(half * SLOTS)
    filled = written % WINDOW if written // WINDOW % 2 == half else min(written // WINDOW, 1) * WINDOW
    for i in range(half * WINDOW + state[LISTED + half], half * WINDOW + filled):
        tables[_slot(tables, base, marks[i])] = marks[i]
    state[LISTED + half] = filled
    return tables[_slot(tables, base, mark)] == mark


@njit(cache=True, nogil=True, error_model="numpy")
def _slot(tables, base, mark):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  numba infers them
    """Where a mark stands, or would stand."""
    slot = mark & np.uint64(SLOTS - 1)
    while tables[base + slot] != 0 and tables[base + slot] != mark:
        slot = (slot + np.uint64(1)) & np.uint64(SLOTS - 1)
    return base + slot
