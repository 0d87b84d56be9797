"""What is remembered between records to measure a book: the event and the second under way, and sums over them."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lakeflow.market.anomalies import CLASSES
from lakeflow.market.compiled import tiny
from lakeflow.market.machine import address
from lakeflow.market.records import UNDEF_PRICE

LEVELS = np.uint64(10)
SIDE = np.uint64(30)  # words of a side among those shown: prices, sizes, counts
SHOWN = np.uint64(60)
NEVER = np.int64(-1)

# One number each. Prices of the best are of before the event; `HALF` counts bid plus ask in ticks.
# `TAKEN`, `SPIKED`, `STAYED`: when a snapshot of the second ended, a jump was known to be gone again, or to have stayed.
(
    TICK, MAIN, VENUES, LEVELED, LARGEST, CLOCK, SECOND, SECOND_ENDS, MINUTE_ENDS, OPEN, BEST_BID, BEST_ASK,
    HALF, HAS_HALF, TWO_SIDED, TOUCH_BID, TOUCH_ASK, HAS_RESET, FILLS_FIRST, FILLS_USED, TRADES_USED, TOLD_SUSPECT,
    EVENTS, DIRTY, LAST_ROW, LAST_RECEIVED, LAST_FLAGS, LAST_PRICE, LAST_TURN, CROSSED_SINCE, SETTLES,
    BACKWARDS, BAD_CLOCK, ORPHANS, CHANGES, WAS_ORPHANED, JUMPED, JUMP_MID, JUMP_BASE, JUMP_BACK, JUMP_BITS,
    RING_USED, RING_AT, MID_MEDIAN, MID_REACH, SPREAD_MEDIAN, IN_SNAPSHOT, TOLD_HALF, HAS_TOLD_HALF, ENDED_AT,
    WAITED, TAKEN, SPIKED, STAYED, FROM,
) = (np.uint64(n) for n in range(55))  # fmt: skip
# What moved the mid, counted from FROM.
TRADED, CANCELLED, ADDED, MODIFIED, RESET = (np.uint64(n) for n in range(5))

# A row a side and band, and what is in it.
FLOW = np.uint64(10)
START, CAME, WENT, FILLED, ALTERED, CAME_TIMES, WENT_TIMES, FILLED_TIMES, ALTERED_TIMES = (
    np.uint64(n) for n in range(9)
)
FLOWS = np.uint64(60)
# After the six depths: the lots of the first levels of bids, of asks, those near each best, then all as they were last told.
FIRST, FIRST_TOLD = np.uint64(6), np.uint64(10)

FILL = np.uint64(3)  # words: book, order id, lots that no cancel has used
TRADE = np.uint64(16)
RING, RINGS = np.uint64(60), np.uint64(64)  # seconds that a median looks back; words of a ring


class Meter(NamedTuple):
    """The arrays; fills and trades are those of the event under way."""

    now: npt.NDArray[np.int64]
    shown: npt.NDArray[np.int64]  # the levels after the last event
    keys: npt.NDArray[np.int64]
    flows: npt.NDArray[np.int64]
    saved: npt.NDArray[np.int64]  # the flows before an event of several records
    bands: npt.NDArray[np.int64]  # depths before the event
    ofi: npt.NDArray[np.int64]  # sums, then sums of sizes
    fills: npt.NDArray[np.int64]
    trades: npt.NDArray[np.int64]
    rings: npt.NDArray[np.int64]  # mids as they came and sorted, then spreads
    wrong: npt.NDArray[np.int64]  # a count and a first row for each class


class Gauge(NamedTuple):
    """A meter as kernels see it."""

    now: Any
    shown: Any
    keys: Any
    flows: Any
    saved: Any
    bands: Any
    ofi: Any
    fills: Any
    trades: Any
    rings: Any
    wrong: Any
    fill_room: np.int64
    trade_room: np.int64


@tiny
def gauge_of(meter):
    """Valid for as long as the arrays of the meter are held."""
    return Gauge(
        address(meter.now),
        address(meter.shown),
        address(meter.keys),
        address(meter.flows),
        address(meter.saved),
        address(meter.bands),
        address(meter.ofi),
        address(meter.fills),
        address(meter.trades),
        address(meter.rings),
        address(meter.wrong),
        np.int64(len(meter.fills)) // np.int64(3),
        np.int64(len(meter.trades)) // np.int64(16),
    )


def fresh_meter(tick: int, largest: int | None, *, venues: bool, leveled: bool) -> Meter:
    """Nothing measured yet; `largest` is the largest order that the venue takes."""
    now, shown = np.zeros(64, np.int64), np.zeros(60, np.int64)
    shown.reshape(2, 3, 10)[:, 0] = UNDEF_PRICE
    for place in (SECOND, CROSSED_SINCE, JUMPED, TOLD_SUSPECT, SETTLES, TAKEN, SPIKED, STAYED):
        now[int(place)] = NEVER
    now[int(TICK)], now[int(VENUES)], now[int(LEVELED)] = tick, venues, leveled
    now[int(LARGEST)] = 2**62 if largest is None else largest
    now[int(ENDED_AT)] = 2**63 - 1  # nobody has waited for the first event
    now[int(TOUCH_BID)] = now[int(TOUCH_ASK)] = now[int(LAST_PRICE)] = UNDEF_PRICE
    return Meter(
        now=now,
        shown=shown,
        keys=np.full(20, -(2**63), np.int64),
        flows=np.zeros(60, np.int64),
        saved=np.zeros(60, np.int64),
        bands=np.zeros(14, np.int64),
        ofi=np.zeros(20, np.int64),
        fills=np.zeros(64 * int(FILL), np.int64),
        trades=np.zeros(64 * int(TRADE), np.int64),
        rings=np.zeros(4 * int(RINGS), np.int64),
        wrong=np.zeros(2 * len(CLASSES), np.int64),
    )
