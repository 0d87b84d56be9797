"""Books that follow somebody else's truth to the end: files of real markets, and the simulator's own book."""

from datetime import date

import numpy as np
import pytest

from lakeflow.market.book import Replay
from lakeflow.simulate.contracts import listed
from lakeflow.simulate.orders import Orders
from lakeflow.vendors.databento.records import records

TICK = 250_000_000
DAY = date(2026, 1, 6)


def simulated(events):
    """A simulated day of ES, all its contracts together, and the books that its simulator ended with."""
    instruments = listed("ES", DAY)
    orders = Orders(instruments, DAY, seed=3)
    rows = np.concatenate(list(orders.records(events)))
    return rows, {each.instrument_id: (each.tick, orders.flows[each.symbol].book) for each in instruments}


def followed(events, chunk):
    """Queues of every contract by side and price, as a replay ends with them and as the simulator does; what was wrong."""
    rows, truths = simulated(events)
    book = Replay({instrument: tick for instrument, (tick, _) in truths.items()}, levels=10)
    wrong = [fault for at in range(0, len(rows), chunk) for fault in book.apply(rows[at : at + chunk]).wrong]
    seen = {instrument: resting(book, instrument, tick) for instrument, (tick, _) in truths.items()}
    return seen, {instrument: queues(truth) for instrument, (_, truth) in truths.items()}, wrong


def resting(book, instrument, tick):
    seen = {}
    for row in book.resting(instrument, 1):
        place = "BA"[row["side"]], int(row["price"]) // tick
        seen.setdefault(place, []).append((int(row["order_id"]), int(row["size"])))
    return seen


def queues(truth):
    return {
        (side, at): [(order, truth.orders[order].size) for order in truth.queue(side, at)]
        for side, levels in truth.levels.items()
        for at in levels
    }


def test_every_contract_of_a_simulated_day_ends_with_the_queues_of_the_simulator():
    seen, wanted, wrong = followed(5_000, 4096)
    assert (seen, wrong) == (wanted, [])
    assert all(wanted.values())


@pytest.mark.soak
def test_a_long_simulated_day_ends_with_the_queues_of_the_simulator():
    seen, wanted, wrong = followed(1_000_000, 8192)
    assert (seen, wrong) == (wanted, [])


def vendor_file(vendor, name):
    return np.concatenate(list(records(vendor(f"futures_mbo/{name}"), "mbo")))


def test_a_real_day_replays_from_its_snapshot_and_is_never_crossed(vendor):
    rows = vendor_file(vendor, "esm4-20240508.mbo.dbn.zst")
    depth, book = replayed(rows, 4096)
    assert depth["number"][0] == 13_600  # the snapshot is one row, at its last record
    assert (depth["bid_price"][:, 0] < depth["ask_price"][:, 0]).all()
    assert (depth["bid_count"] > 0).all()
    added, gone = ((rows["action"] == action).sum() for action in (b"A", b"C"))
    assert len(book.resting(5602, 1)) == added - gone  # this file cancels nothing in part


def test_a_snapshot_without_a_clear_is_one_row_too(vendor):
    depth, book = replayed(vendor_file(vendor, "esh4-glbx-mdp3-20231224.mbo.dbn.zst"), 4096)
    assert depth["number"].tolist() == [8_724]
    assert (depth["bid_price"] < depth["ask_price"]).all()
    assert len(book.resting(17077, 1)) == 8_725


def replayed(rows, chunk):
    book = Replay(TICK, levels=10)
    return np.concatenate(
        [book.apply(rows[at : at + chunk]).depth.copy() for at in range(0, len(rows), chunk)]
    ), book
