"""Records that a file says twice: the same order event word for word, found among the last 65,536 and more."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from lakeflow.vendors.databento.codes import ACTIONS
from lakeflow.vendors.databento.orders import Columns

WINDOW = 1 << 16  # orders remembered at least: a feed repeats itself within moments
SLOTS = 1 << 18  # of one table: two of these are 4 MiB, however long the day
LAST_BOOKED = ACTIONS.index("M")  # add, cancel and modify come first; equal trades and fills are legal
MIX = np.uint64(0x9E3779B97F4A7C15)
SPREAD = np.uint64(0xBF58476D1CE4E5B9)


class Memory(NamedTuple):
    """What was seen: fingerprints of the current half and of the one before; `state` is orders in the current half."""

    current: npt.NDArray[np.uint64]
    previous: npt.NDArray[np.uint64]
    state: npt.NDArray[np.int64]


def memory() -> Memory:
    """Nothing seen yet."""
    return Memory(np.zeros(SLOTS, np.uint64), np.zeros(SLOTS, np.uint64), np.zeros(1, np.int64))


def repeats(of: Columns, judged: npt.NDArray[np.bool_], seen: Memory) -> npt.NDArray[np.bool_]:
    """Which judged adds, cancels and modifies of an order were seen before; the same whatever the chunks."""
    found = np.zeros(len(of.price), np.bool_)
    _repeats(of, judged, seen, found)
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _repeats(of, judged, seen, out_found):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  numba infers them
    """Two tables of fingerprints, each open-addressed and never more than a quarter full; the older one is emptied in turn."""
    for i in range(len(out_found)):
        if not judged[i] or of.action[i] > LAST_BOOKED or of.order_id[i] == 0:
            continue
        mark = _fingerprint(of, i)
        found = _holds(seen.previous, mark)
        out_found[i] = found or _remember(seen.current, mark)
        if out_found[i]:
            continue
        seen.state[0] += 1
        if seen.state[0] == WINDOW:
            seen.previous[:] = seen.current
            seen.current[:] = 0
            seen.state[0] = 0


@njit(cache=True, nogil=True, error_model="numpy")
def _fingerprint(of, i):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  numba infers them
    """64 bits of (publisher, instrument, ts_event, sequence, action, order, price, size); two alike by chance in 1e13."""
    mark = (of.order_id[i] ^ (of.ts_event[i] * MIX)) * SPREAD
    mark ^= mark >> np.uint64(31)
    mark = (mark ^ np.uint64(of.price[i])) * MIX
    mark ^= mark >> np.uint64(29)
    mark = (mark ^ (np.uint64(of.instrument_id[i]) << np.uint64(32) | np.uint64(of.sequence[i]))) * SPREAD
    mark ^= mark >> np.uint64(32)
    small = np.uint64(of.publisher_id[i]) << np.uint64(8) | np.uint64(of.action[i])
    mark = (mark ^ (np.uint64(of.size[i]) << np.uint64(32) | small)) * MIX
    mark ^= mark >> np.uint64(30)
    return max(mark, np.uint64(1))  # 0 is an empty slot


@njit(cache=True, nogil=True, error_model="numpy")
def _holds(table, mark):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  numba infers them
    slot = mark & np.uint64(SLOTS - 1)
    while table[slot] != 0:
        if table[slot] == mark:
            return True
        slot = (slot + np.uint64(1)) & np.uint64(SLOTS - 1)
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def _remember(table, mark):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  numba infers them
    """Put a mark in its slot; whether it was there."""
    slot = mark & np.uint64(SLOTS - 1)
    while table[slot] != 0:
        if table[slot] == mark:
            return True
        slot = (slot + np.uint64(1)) & np.uint64(SLOTS - 1)
    table[slot] = mark
    return False
