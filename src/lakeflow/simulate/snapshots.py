"""A whole book told at once: snapshots with and without a clear, and clears that nothing follows."""

import numpy as np

from lakeflow.simulate.pit import Pit
from lakeflow.simulate.plain import ADD, BID, BUY, CLEAR, NEITHER, NO_PRICE, PLAIN, SELL, Longs, Rows
from lakeflow.vendors.databento.codes import F_BAD_TS_RECV, F_LAST, F_SNAPSHOT

REPLAYED = F_SNAPSHOT | F_BAD_TS_RECV  # 40


def snapshot(pit: Pit, b: int, *, is_bare: bool) -> Rows:
    """A clear and every order by level and priority; a bare one has no clear and ends no event."""
    slots = ranked(pit, b)
    rows = _blank(pit, b, len(slots) + 1)
    orders = rows[1:]
    orders["ts_event"], orders["order_id"] = pit["came"][b, slots], pit["ids"][b, slots]
    orders["price"], orders["size"] = pit["price"][b, slots], pit["size"][b, slots]
    orders["action"], orders["side"] = ADD, np.where(pit["side"][b, slots] == BID, BUY, SELL)
    rows["flags"] = REPLAYED
    if is_bare and len(slots):
        return orders
    rows["flags"][-1] |= F_LAST
    return rows


def ranked(pit: Pit, b: int) -> Longs:
    """The slots of all resting orders: bids then asks, best price first, then as they queue."""
    slots = pit["slots"][b, : pit["live"][b]]
    side, price = pit["side"][b, slots], pit["price"][b, slots]
    found: Longs = slots[np.lexsort((pit["rank"][b, slots], np.where(side == BID, -price, price), side))]
    return found


def cleared(pit: Pit, b: int, *, is_flagged: bool) -> Rows:
    """A clear alone: at the start of a share's day, or in the middle of a session, where it ends an event."""
    rows = _blank(pit, b, 1)
    rows["flags"] = F_BAD_TS_RECV | (F_LAST if is_flagged else 0)
    return rows


def _blank(pit: Pit, b: int, count: int) -> Rows:
    """Records of a book with the first of them a clear, received now."""
    rows = np.zeros(count, PLAIN)
    rows["length"], rows["rtype"] = PLAIN.itemsize // 4, 0xA0
    rows["publisher_id"], rows["instrument_id"] = pit["publisher"][b], pit["instrument"][b]
    rows["ts_event"] = rows["ts_recv"] = pit["received"]
    rows["sequence"][1:] = pit["sequence"]
    rows["action"][0], rows["side"][0], rows["price"][0] = CLEAR, NEITHER, NO_PRICE
    return rows
