"""hftbacktest's L3 depth over a prepared array: run to its end, with the touch read at every event, and with ten levels."""

# ruff: noqa: ANN001, ANN201  numba infers types
# mypy: disable-error-code="no-untyped-def,untyped-decorator"

from decimal import Decimal
from typing import Any

import numpy as np
from book_day import TICK, Records
from hftbacktest import BacktestAsset, ROIVectorMarketDepthBacktest
from hftbacktest.types import (
    ADD_ORDER_EVENT,
    BUY_EVENT,
    CANCEL_ORDER_EVENT,
    EXCH_EVENT,
    LOCAL_EVENT,
    MODIFY_ORDER_EVENT,
    SELL_EVENT,
    event_dtype,
)
from numba import njit

LEVELS, REACH = 10, 100  # ticks behind the best that are looked at for ten levels
HOUR, AGES = 3_600_000_000_000, 1 << 62
ENDED, FED = 1, 2  # what is said at the end of the events, and after one of them


class Hftbacktest:
    """The faster of its two kinds of depth, a vector over the range of the day's prices.

    Its markets hold a bare pointer into the events: one that outlives them reads freed memory, and may never end.
    """

    def __init__(self, records: Records) -> None:
        events = np.zeros(len(records), event_dtype)
        action, is_bid = records["action"], records["side"] == b"B"
        kinds = np.where(
            action == b"A", ADD_ORDER_EVENT, np.where(action == b"M", MODIFY_ORDER_EVENT, CANCEL_ORDER_EVENT)
        )
        events["ev"] = kinds | np.where(is_bid, BUY_EVENT, SELL_EVENT) | EXCH_EVENT | LOCAL_EVENT
        for name, column in (
            ("exch_ts", "ts_event"),
            ("local_ts", "ts_recv"),
            ("qty", "size"),
            ("order_id", "order_id"),
        ):
            events[name] = records[column]
        events["px"] = records["price"] / 1e9
        self._events = events

    def fresh(self) -> Any:
        """A market that stands before the first event."""
        asset = BacktestAsset().data([self._events]).linear_asset(1.0).constant_order_latency(0, 0)
        asset = asset.l3_fifo_queue_model().no_partial_fill_exchange().trading_value_fee_model(0.0, 0.0)
        asset = asset.tick_size(TICK / 1e9).lot_size(1.0).last_trades_capacity(0)
        asset = asset.roi_lb(self._events["px"].min()).roi_ub(self._events["px"].max())
        return ROIVectorMarketDepthBacktest([asset])

    def best(self) -> tuple[Decimal, Decimal]:
        """Its last best bid and ask."""
        market = self.fresh()
        assert apply(market) == ENDED
        bid, ask = last_touch(market)
        return Decimal(str(bid)), Decimal(str(ask))


@njit
def apply(market):
    return market.elapse(AGES)


@njit
def last_touch(market):
    depth = market.depth(0)
    return depth.best_bid, depth.best_ask


@njit
def touch(market):
    read = 0.0
    while market.wait_next_feed(False, HOUR) == FED:
        depth = market.depth(0)
        read += depth.best_bid + depth.best_ask + depth.best_bid_qty + depth.best_ask_qty
    return read


@njit
def ten_levels(market):
    read = 0.0
    while market.wait_next_feed(False, HOUR) == FED:
        depth = market.depth(0)
        found, tick = 0, depth.best_bid_tick
        for at in range(tick, tick - REACH, -1):
            lots = depth.bid_qty_at_tick(at)
            found += lots > 0
            read += lots
            if found == LEVELS:
                break
        found, tick = 0, depth.best_ask_tick
        for at in range(tick, tick + REACH):
            lots = depth.ask_qty_at_tick(at)
            found += lots > 0
            read += lots
            if found == LEVELS:
                break
    return read
