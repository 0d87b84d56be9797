"""Days of a share: Nasdaq's way of telling, and several publishers of one share."""

from datetime import date

import databento
import numpy as np
import pytest

from lakeflow.simulate.contracts import nanoseconds
from lakeflow.simulate.equity_day import SEVERAL, equity_day, write_equity_day
from lakeflow.simulate.hazards import ALL
from lakeflow.vendors.databento.codes import F_LAST, F_MAYBE_BAD_BOOK
from lakeflow.vendors.databento.delivery import describe

DAY = date(2026, 1, 6)


@pytest.fixture(scope="module")
def nasdaq() -> np.ndarray:
    return np.concatenate(list(equity_day("NVDA", DAY, 1).records(20_000)))


def followers(rows: np.ndarray, letter: bytes) -> np.ndarray:
    return rows["action"][np.flatnonzero(rows["action"] == letter) + 1]


def test_a_day_begins_with_a_clear_that_is_no_snapshot(nasdaq):
    first = nasdaq[0]
    assert (first["action"], first["flags"], first["side"]) == (b"R", 8, b"N")
    assert (nasdaq["action"] == b"R").sum() == 1


def test_a_replace_is_a_cancel_and_an_add_of_one_sequence_and_one_end(nasdaq):
    at = np.flatnonzero(
        (nasdaq["action"] == b"C") & (np.roll(nasdaq["action"], -1) == b"A") & (nasdaq["flags"] == 0)
    )
    assert len(at) > 100
    assert (nasdaq["sequence"][at] == nasdaq["sequence"][at + 1]).all()
    assert (nasdaq["flags"][at + 1] == 130).all()
    assert not (nasdaq["action"] == b"M").any()


def test_an_execution_is_a_trade_without_a_number_a_fill_and_a_cancel(nasdaq):
    assert set(followers(nasdaq, b"T").tolist()) == {b"F"}
    assert set(followers(nasdaq, b"F").tolist()) == {b"C"}
    assert (nasdaq["order_id"][nasdaq["action"] == b"T"] == 0).all()
    ends = nasdaq["flags"][nasdaq["action"] == b"F"]
    assert not (ends & F_LAST).any()


def test_stub_quotes_stand_at_the_ends_of_the_scale():
    rows = np.concatenate(list(equity_day("NVDA", DAY, 1, hazards=frozenset({"stubs"})).records(5_000)))
    assert {100_000, 199_999 * 10**9} <= set(rows["price"].tolist())


def test_nothing_happens_before_four_in_new_york(nasdaq):
    assert (nasdaq["ts_event"][1:] >= nanoseconds(DAY) + 9 * 3600 * 10**9).all()


def test_publishers_give_the_same_numbers_to_their_own_orders():
    rows = np.concatenate(list(equity_day("NVDA", DAY, 1, SEVERAL).records(5_000)))
    numbers = [
        set(rows["order_id"][(rows["publisher_id"] == each) & (rows["action"] == b"A")].tolist())
        for each in SEVERAL
    ]
    assert all(own & numbers[0] for own in numbers)
    assert len(np.unique(rows["instrument_id"])) == 1
    assert (rows["action"][: len(SEVERAL)] == b"R").all()


@pytest.mark.parametrize("publishers", [(2,), SEVERAL])
def test_the_vendor_reads_every_file_and_they_belong_to_the_share(tmp_path, publishers):
    files = write_equity_day(tmp_path, "NVDA", DAY, 500, 1, publishers=publishers, hazards="all")
    assert [describe(path) for path in files] == [[("equity_mbo", "NVDA", "2026-01-06")]] * 4
    told = [databento.DBNStore.from_bytes(path.read_bytes()).to_ndarray() for path in files]
    expected = np.concatenate(list(equity_day("NVDA", DAY, 1, publishers, ALL).records(500)))
    assert (told[0] == expected).all()
    assert told[1]["publisher_id"].tolist() == list(publishers)


def test_a_day_without_a_session_has_files_without_orders(tmp_path):
    files = write_equity_day(tmp_path, "NVDA", date(2026, 1, 11), 500, 1)
    assert list(databento.DBNStore.from_bytes(files[0].read_bytes())) == []


def test_a_gap_is_flagged_once_at_each_publisher():
    rows = np.concatenate(
        list(equity_day("NVDA", DAY, 1, SEVERAL, hazards=frozenset(["gap"])).records(20_000))
    )
    flagged = rows["publisher_id"][(rows["flags"] & F_MAYBE_BAD_BOOK) > 0]
    assert sorted(set(flagged.tolist())) == list(SEVERAL)
    assert len(set(np.unique(flagged, return_counts=True)[1].tolist())) == 1
