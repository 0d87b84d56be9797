"""Case 25 of the vendor reference: what the vendor made of orders and trades, made again from them, where both are at hand."""

from itertools import pairwise

import databento
import numpy as np
import pytest

from lakeflow.market.book import Replay

UNDEF = 2**63 - 1
LAST = 128
SIDES = {"B": "bid", "A": "ask"}


def delivered(path):
    return databento.DBNStore.from_bytes(path.read_bytes()).to_ndarray()


@pytest.mark.parametrize("dataset", ["XNAS.ITCH", "IFEU.IMPACT"])
def test_case_25_ten_levels_made_from_orders_are_the_vendors(vendor, dataset):
    """Both deliveries of a dataset begin with the same four events, in a book that is empty before."""
    orders, levels = (delivered(vendor(f"databento_python_fixtures/{dataset}/test_data.{schema}.dbn.zst"))
                      for schema in ("mbo", "mbp-10"))  # fmt: skip
    assert orders["ts_recv"].tolist() == levels["ts_recv"].tolist()
    book, row = Replay(10_000_000, levels=10), None
    for order, wanted in zip(np.split(orders, len(orders)), levels, strict=True):
        depth = book.apply(order).depth
        row = depth[0].copy() if len(depth) else row
        if order["flags"][0] & LAST:
            assert image(row) == vendors(wanted)


def image(row):
    sides = ((row[f"{side}_{what}"] for what in ("price", "size", "count")) for side in ("bid", "ask"))
    return [list(zip(*(column.tolist() for column in side), strict=True)) for side in sides]


def vendors(row):
    return [
        [tuple(int(row[f"{side}_{what}_{level:02}"]) for what in ("px", "sz", "ct")) for level in range(10)]
        for side in ("bid", "ask")
    ]


def test_case_25_what_a_record_does_to_a_best_level_is_what_the_vendor_says(mbo, watched, vendor):
    """No delivery of a whole day has both orders and levels: here a level stands as it was, and one record is done to it."""
    tops = delivered(vendor("futures_mbo/esu4-20240701.mbp-1.dbn.zst"))
    said, wanted = [], []
    for before, after in pairwise(tops):
        if lots := best_before(before, after):
            letter, action, price = after["side"].decode(), after["action"].decode(), int(after["price"])
            order_id = {"A": 2, "C": 1}[action]
            said += [("R", "N", 0, UNDEF, 0, 0), ("A", letter, 1, price, lots, 0)]
            said.append((action, letter, order_id, price, after["size"], LAST))
            wanted.append(int(after[f"{SIDES[letter]}_sz_00"]))
    seen = watched(mbo(*said), tick=250_000_000)
    told = dict(
        zip(seen.touch["number"].tolist(), seen.touch["bid_size"] + seen.touch["ask_size"], strict=True)
    )
    size, sizes = None, []
    for number in range(2, len(said), 3):
        size = told.get(number, size)  # the same level as the case before has no row
        sizes.append(size)
    assert len(wanted) == 1_899
    assert sizes == wanted


def best_before(before, after):
    """The lots of the best level that an add or a cancel was done to, 0 where it is not the level's only change.

    After a trade the vendor tells the last of its cancels, with what all of them took.
    """
    side = SIDES.get(after["side"].decode())
    if after["action"] not in (b"A", b"C") or before["action"] == b"T" or side is None:
        return 0
    stays = before[f"{side}_px_00"] == after[f"{side}_px_00"] == after["price"]
    return int(before[f"{side}_sz_00"]) if stays else 0


def test_case_25_trades_among_the_tops_are_the_trades_file(vendor):
    tops, trades = (
        delivered(vendor(f"futures_mbo/esu4-20240701.{schema}.dbn.zst")) for schema in ("mbp-1", "trades")
    )
    fields = [name for name in trades.dtype.names if name not in ("length", "rtype")]
    assert len(trades) == 120
    assert tops[tops["action"] == b"T"][fields].tolist() == trades[fields].tolist()


def test_case_25_bars_of_the_trades_are_the_vendors_bars(vendor):
    trades, bars = (
        delivered(vendor(f"futures_mbo/esu4-20240701.{schema}.dbn.zst")) for schema in ("trades", "ohlcv-1m")
    )
    minutes = trades["ts_event"] // 60_000_000_000 * 60_000_000_000
    whole = [m for m in np.unique(minutes) if minutes[0] < m < minutes[-1]]
    assert len(whole) == 2
    for minute in whole:
        seen = trades[minutes == minute]
        (bar,) = bars[(bars["ts_event"] == minute) & (bars["instrument_id"] == seen["instrument_id"][0])]
        made = [
            seen["price"][0],
            seen["price"].max(),
            seen["price"].min(),
            seen["price"][-1],
            seen["size"].sum(),
        ]
        assert made == [bar[name] for name in ("open", "high", "low", "close", "volume")]
