"""Simulated files are genuine: the vendor's library reads them, and a plain replay of them is the simulator's book."""

import time
from datetime import date
from pathlib import Path

import databento
import numpy as np
import pytest

from lakeflow.simulate.contracts import listed, nanoseconds
from lakeflow.simulate.day import write_day
from lakeflow.simulate.orders import Orders
from lakeflow.vendors.databento.codes import F_LAST, F_SNAPSHOT
from lakeflow.vendors.databento.delivery import describe

DAY = date(2026, 1, 6)


def theirs(path: Path) -> databento.DBNStore:
    return databento.DBNStore.from_bytes(path.read_bytes())


def replay(rows) -> dict[int, tuple[str, int, int]]:
    """The resting orders that the records of one instrument leave: side, price, size by id."""
    book: dict[int, tuple[str, int, int]] = {}
    for row in rows:
        order_id, action, side = int(row["order_id"]), row["action"], row["side"].decode()
        price, size = int(row["price"]), int(row["size"])
        if action == b"R":
            book.clear()
        elif action in (b"A", b"M"):
            assert (order_id in book) == (action == b"M")
            book[order_id] = (side, price, size)
        elif action == b"C":
            left = book[order_id][2] - size
            assert left >= 0
            book[order_id] = (*book.pop(order_id)[:2], left)
            if not left:
                del book[order_id]
    return book


def test_a_day_is_four_files_named_as_the_vendor_names_them(day_files):
    schemas = ("mbo", "definition", "statistics", "status")
    assert [path.name for path in day_files] == [f"glbx-mdp3-20260106.{schema}.dbn.zst" for schema in schemas]
    assert [describe(path) for path in day_files] == [[("future_mbo", "ES", "2026-01-06")]] * 4


def test_the_vendor_reads_every_file(day_files):
    counts = [len(theirs(path).to_ndarray()) for path in day_files]
    assert counts[0] > 3_000 + 3 * 601
    assert counts[1:] == [4, 9, 9]  # the spread is defined leg by leg
    mappings = theirs(day_files[0]).metadata.mappings
    assert sorted(mappings) == ["ESH6", "ESH6-ESM6", "ESM6"]
    assert mappings["ESH6"][0]["end_date"] == date(2026, 1, 7)


def test_a_plain_replay_of_the_file_is_the_simulators_book():
    orders = Orders(listed("ES", DAY), DAY, seed=3)
    rows = np.concatenate(list(orders.records(4_000)))
    for each in listed("ES", DAY):
        truth = orders.flows[each.symbol].book.orders
        found = replay(rows[rows["instrument_id"] == each.instrument_id])
        assert found == {i: (o.side, o.tick * each.tick, o.size) for i, o in truth.items()}


def test_the_book_is_never_crossed_when_an_event_has_ended():
    flow = Orders(listed("ES", DAY), DAY, seed=4).flows["ESH6"]
    for _ in range(5_000):
        flow.event()
        assert flow.book.best("B") < flow.book.best("A")


def test_a_day_starts_with_a_snapshot_of_every_instrument(day_files):
    rows = theirs(day_files[0]).to_ndarray()
    for instrument_id in np.unique(rows["instrument_id"]):
        own = rows[rows["instrument_id"] == instrument_id]
        snapshot = own[own["ts_recv"] == nanoseconds(DAY)]
        assert (snapshot == own[: len(snapshot)]).all()
        assert len(snapshot) > 550
        assert snapshot["action"].tolist() == [b"R"] + [b"A"] * (len(snapshot) - 1)
        assert snapshot["flags"].tolist() == [40] * (len(snapshot) - 1) + [168]
        assert len(np.unique(snapshot["ts_recv"])) == 1
        assert (snapshot["ts_event"][1:] < snapshot["ts_recv"][1:]).all()


def test_every_event_ends_with_one_last_flag_and_has_one_time(day_files):
    rows = theirs(day_files[0]).to_ndarray()
    live = rows[(rows["flags"] & F_SNAPSHOT) == 0]
    ends = (live["flags"] & F_LAST) > 0
    assert ends.sum() == len(np.unique(live["sequence"])) == 3_000
    assert ends[-1]
    assert (np.diff(live["ts_recv"].astype(np.int64)) >= 0).all()
    assert (live["ts_recv"] > live["ts_event"]).all()


def test_a_trade_is_told_once_by_its_aggressor_and_once_by_every_order_filled(day_files):
    rows = theirs(day_files[0]).to_ndarray()
    traded, filled = (rows["size"][rows["action"] == action] for action in (b"T", b"F"))
    assert traded.sum() == filled.sum() > 0
    assert {(a, b) for a, b in zip(rows["action"][:-1], rows["action"][1:], strict=True)} >= {
        (b"T", b"F"), (b"F", b"C"), (b"F", b"M")
    }  # fmt: skip


def test_the_same_arguments_give_the_same_bytes_and_another_seed_does_not(tmp_path):
    def read(folder: str, seed: int) -> list[bytes]:
        return [path.read_bytes() for path in write_day(tmp_path / folder, "NQ", DAY, events=300, seed=seed)]

    first = read("a", 1)
    assert read("b", 1) == first
    assert read("c", 2)[0] != first[0]


@pytest.mark.parametrize("version", [1, 2])
def test_older_versions_hold_the_same_orders(tmp_path, version):
    old, new = (write_day(tmp_path / str(v), "ES", DAY, events=200, seed=1, version=v) for v in (version, 3))
    assert (theirs(old[0]).to_ndarray() == theirs(new[0]).to_ndarray()).all()
    assert [record.raw_symbol for record in theirs(old[1])] == ["ESH6", "ESM6", "ESH6-ESM6"]


def test_a_closed_day_has_files_without_orders(tmp_path):
    files = write_day(tmp_path, "ES", date(2026, 1, 10), events=500, seed=1)
    assert list(theirs(files[0])) == []
    assert [int(record.action) for record in theirs(files[3])] == [12, 12, 12]


def test_a_demo_day_is_written_in_less_than_a_second(tmp_path):
    start = time.process_time()
    write_day(tmp_path, "ES", DAY, events=20_000, seed=1)
    assert time.process_time() - start < 2  # 0.3 s alone on a core; the machine is shared
