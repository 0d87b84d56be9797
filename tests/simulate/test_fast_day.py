"""Days made by kernels: the same for the same arguments, shaped like CME's, with every hazard that is asked for and no other."""

from datetime import date

import databento
import numpy as np
import pytest

from lakeflow.simulate.contracts import listed, nanoseconds
from lakeflow.simulate.day import write_day
from lakeflow.simulate.future_day import future_day, records, write_records
from lakeflow.simulate.hazards import ALL
from lakeflow.vendors.databento.codes import F_BAD_TS_RECV, F_LAST, F_MAYBE_BAD_BOOK
from tests.simulate.fast_days import DAY, is_known, live, made


def test_the_same_arguments_give_the_same_records_and_another_seed_does_not():
    assert made(3_000, 1, "gap", "repeats").tobytes() == made(3_000, 1, "gap", "repeats").tobytes()
    assert made(3_000, 1).tobytes() != made(3_000, 2).tobytes()


def test_the_mix_is_that_of_es(calm):
    rows = live(calm)
    shares = {letter: (rows["action"] == letter).mean() for letter in (b"A", b"C", b"M")}
    assert 0.40 < shares[b"A"] < 0.50
    assert 0.36 < shares[b"C"] < 0.46
    assert 0.08 < shares[b"M"] < 0.13
    assert 0.02 < np.isin(rows["action"], (b"T", b"F")).mean() < 0.08


def test_a_calm_day_is_followed_to_the_same_book_by_plain_dictionaries():
    day = future_day(listed("ES", DAY), DAY, 3)
    rows = np.concatenate(list(day.records(20_000)))
    for b, each in enumerate(listed("ES", DAY)):
        book: dict[int, list[int]] = {}
        for row in rows[rows["instrument_id"] == each.instrument_id]:
            number, action = int(row["order_id"]), row["action"]
            if action == b"R":
                book.clear()
            elif action in (b"A", b"M"):
                assert (number in book) == (action == b"M")
                book[number] = [int(row["price"]), int(row["size"])]
            elif action == b"C":
                book[number][1] -= int(row["size"])
                if not book[number][1]:
                    del book[number]
        slots = day.pit["slots"][b, : day.pit["live"][b]]
        theirs = zip(*(day.pit[name][b, slots] for name in ("ids", "price", "size")), strict=True)
        assert book == {int(number): [int(price), int(size)] for number, price, size in theirs}


def test_every_event_ends_once_with_times_in_order_and_inside_the_date(calm):
    rows, received = live(calm), calm["ts_recv"].astype(np.int64)
    assert ((rows["flags"] & F_LAST) > 0).sum() == len(np.unique(rows["sequence"])) == 60_000
    assert (np.diff(received) >= 0).all()
    assert (np.diff(rows["ts_event"].astype(np.int64)) >= 0).all()
    assert received[0] == nanoseconds(DAY)
    assert received[-1] < nanoseconds(date(2026, 1, 7))


def test_prices_of_the_spread_are_negative_and_stubs_lie_far_away(hard):
    near, _, spread = listed("ES", DAY)
    assert (
        hard["price"][(hard["instrument_id"] == spread.instrument_id) & (hard["action"] == b"A")] < 0
    ).any()
    away = np.abs(
        hard["price"][(hard["instrument_id"] == near.instrument_id) & (hard["action"] == b"A")] - near.opening
    )
    assert (away > 3_000 * near.tick).any()


def test_a_calm_day_has_no_hazard(calm):
    rows = live(calm)
    assert not (calm["flags"] & F_MAYBE_BAD_BOOK).any()
    assert not (rows["flags"] & F_BAD_TS_RECV).any()
    assert not np.isin(rows["action"], (b"R", b"N")).any()
    assert (rows["side"] != b"N").all()
    assert is_known(calm).all()


def test_a_bench_gets_as_many_records_as_it_asks_for_over_a_whole_day(tmp_path):
    rows = np.concatenate(list(records(50_000)))
    file = write_records(tmp_path, 50_000)
    assert (databento.DBNStore.from_bytes(file.read_bytes()).to_ndarray() == rows).all()
    assert len(rows) == 50_000
    assert len(np.unique(rows["instrument_id"])) == 1
    assert rows["ts_recv"][-1] > nanoseconds(DAY) + 20 * 3600 * 10**9


@pytest.mark.parametrize("version", [1, 2, 3])
def test_the_vendor_reads_a_day_of_every_hazard_in_every_version(tmp_path, version):
    more = {"version": version, "compressed": version == 1}
    files = write_day(tmp_path, "ES", DAY, events=2_000, seed=1, hazards="all", **more)
    expected = np.concatenate(list(future_day(listed("ES", DAY), DAY, 1, ALL).records(2_000)))
    assert (databento.DBNStore.from_bytes(files[0].read_bytes()).to_ndarray() == expected).all()
