"""Days made by kernels with every hazard that can be asked for: each is there, and shaped as the vendor's."""

from datetime import date

import databento
import numpy as np
import pytest

from lakeflow.simulate.contracts import listed, nanoseconds
from lakeflow.simulate.day import write_day
from lakeflow.simulate.hazards import ALL, chosen
from lakeflow.vendors.databento.codes import F_MAYBE_BAD_BOOK, F_SNAPSHOT
from tests.simulate.fast_days import DAY, is_known, live, made


def test_hidden_fills_name_nobody():
    assert not is_known(made(20_000, 1, "hidden")).all()


def test_unprinted_fills_have_no_trade():
    rows = live(made(20_000, 1, "unprinted"))
    traded, filled = (set(rows["sequence"][rows["action"] == letter].tolist()) for letter in (b"T", b"F"))
    assert filled - traded


def test_a_clear_and_a_snapshot_come_in_the_middle_of_the_session():
    rows = made(5_000, 1, "recovery")
    at = np.flatnonzero(rows["action"] == b"R")
    assert len(at) == 3 + 3 + 3
    assert (rows["flags"][at] == 40).all()
    assert (rows["flags"][at + 1] == 40).all()
    assert (rows["ts_recv"][at[3:]] > nanoseconds(DAY)).all()
    assert (
        rows["ts_recv"][at[:6]] < nanoseconds(DAY) + 22 * 3600 * 10**9
    ).all()  # the last three are at the close


def test_bare_snapshots_have_no_clear_and_end_no_event():
    rows = made(5_000, 1, "bare")
    assert (rows["action"] == b"R").sum() == 2 + 2
    second = rows[rows["instrument_id"] == listed("ES", DAY)[1].instrument_id]
    first = second[(second["flags"] & F_SNAPSHOT) > 0]
    assert (first["action"] == b"A").all()
    assert (first["flags"] == 40).all()


def test_a_gap_is_flagged_once_for_each_instrument_and_loses_orders():
    rows = made(20_000, 1, "gap")
    flagged = rows[(rows["flags"] & F_MAYBE_BAD_BOOK) > 0]
    assert 3 <= len(flagged) <= 9
    cancelled = rows["order_id"][rows["action"] == b"C"]
    assert not np.isin(cancelled, rows["order_id"][rows["action"] == b"A"]).all()


def test_nothing_happens_in_a_halt(tmp_path):
    rows = live(made(40_000, 1, "halt"))
    minutes = (rows["ts_event"].astype(np.int64) - nanoseconds(DAY)) // 60_000_000_000
    assert not np.isin(minutes, range(16 * 60 + 10, 16 * 60 + 14)).any()
    status = write_day(tmp_path, "ES", DAY, events=10, seed=1, hazards="halt")[3]
    told = databento.DBNStore.from_bytes(status.read_bytes()).to_ndarray()
    assert told["action"][::3].tolist() == [7, 8, 7, 12, 7]


def test_orders_cross_before_the_open_and_meet_when_it_comes(tell):
    rows = made(200_000, 1, "preopen")
    front = rows[rows["instrument_id"] == listed("ES", DAY)[0].instrument_id]
    open_at = nanoseconds(DAY) + 23 * 3600 * 10**9
    early = front[(front["ts_event"] > open_at - 900 * 10**9) & (front["ts_event"] < open_at)]
    assert len(early)
    assert not np.isin(early["action"], (b"T", b"F")).any()
    assert (front["side"][front["action"] == b"T"] == b"N").any()


def test_events_of_two_instruments_are_woven_and_each_is_whole_for_itself():
    rows, clean = made(40_000, 1, "woven"), made(40_000, 1)
    assert (np.diff(live(rows)["ts_recv"].astype(np.int64)) >= 0).all()
    assert (rows["instrument_id"] != clean["instrument_id"]).sum() > 20
    for each in listed("ES", DAY):
        own, theirs = (every[every["instrument_id"] == each.instrument_id] for every in (rows, clean))
        told = [name for name in own.dtype.names if name != "ts_recv"]
        assert (own[told] == theirs[told]).all()


def test_repeats_are_what_was_said_before():
    rows, clean = made(40_000, 1, "repeats"), made(40_000, 1)
    assert len(rows) > len(clean)
    assert len(np.unique(rows)) == len(np.unique(clean))


def test_volume_rolls_to_the_next_contract_before_the_expiry(tmp_path):
    def front_share(day: date) -> float:
        path = write_day(tmp_path / str(day), "ES", day, events=2_000, seed=1, hazards="roll")[0]
        rows = databento.DBNStore.from_bytes(path.read_bytes()).to_ndarray()
        rows = rows[(rows["flags"] & F_SNAPSHOT) == 0]
        near, far = (each.instrument_id for each in listed("ES", day)[:2])
        return (rows["instrument_id"] == near).sum() / np.isin(rows["instrument_id"], (near, far)).sum()

    shares = [front_share(date(2026, 3, day)) for day in (6, 11, 12, 17)]
    assert shares[0] > 0.8 > shares[1] > shares[2] > 0.2 > shares[3]


def test_a_hazard_that_there_is_not_is_refused_with_those_there_are():
    assert chosen("all") == ALL
    with pytest.raises(ValueError, match="no hazard storm; there are backwards, bare, clears, crossed, gap"):
        chosen(["gap", "storm"])
