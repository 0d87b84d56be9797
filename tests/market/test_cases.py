"""Cases 1 to 24 of the vendor reference, as far as they are held nowhere else; tests/cases says where each one is."""

import importlib
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.market.book import Replay
from lakeflow.market.index import SPREAD
from lakeflow.market.measures import Measures
from lakeflow.market.records import words
from lakeflow.market.sheets import COLUMNS
from lakeflow.market.state import Room

UNDEF = 2**63 - 1
NONE = (UNDEF, 0, 0)
P = 2500  # a price on the ticks of 25
LAST = 128


@pytest.fixture
def soft(monkeypatch):
    """The project's flags of quotes."""
    monkeypatch.syspath_prepend(Path(__file__).parents[2])
    return importlib.import_module("filters.silver")


def test_case_02_many_fills_of_one_trade_change_the_book_once_each(mbo, watched):
    orders = [("A", "A", 1, P, 10), ("A", "A", 2, P, 10), ("A", "A", 3, P, 10)]
    fills = [("F", "A", 1, P, 10, 0), ("F", "A", 2, P, 4, 0), ("C", "A", 1, P, 10, 0), ("M", "A", 2, P, 6)]
    seen = watched(mbo(*orders, ("T", "B", 0, P, 14, 0), *fills))
    assert seen.best()[-1] == (*NONE, P, 16, 2)
    assert seen.queue("A", P) == [(2, 6), (3, 10)]


@pytest.mark.parametrize("left", [("C", 40), ("M", 60)], ids=["told as a cancel", "told as what is left"])
def test_case_02_the_volume_of_a_trade_is_counted_once(mbo, left):
    (action, size), order = left, ("A", "B", 1, P, 100)
    tables = told(mbo(order, ("T", "A", 0, P, 40, 0), ("F", "B", 1, P, 40, 0), (action, "B", 1, P, size)))
    assert [tables["trades"][name] for name in ("size", "filled", "fills")] == [[40], [40], [1]]
    assert (sum(tables["flow"]["fill"]), sum(tables["flow"]["cancel"])) == (40, 0)
    assert tables["bbo"]["bid_size"] == [100, 60]


def test_case_03_a_fill_without_a_trade_is_no_volume(mbo):
    tables = told(mbo(("A", "B", 1, P, 100), ("F", "B", 1, P, 40, 0), ("C", "B", 1, P, 40)))
    assert tables["trades"]["size"] == []
    assert sum(tables["flow"]["fill"]) == 40
    assert tables["bbo"]["bid_size"] == [100, 60]


@pytest.mark.parametrize(
    ("ask", "flags"), [(P - 25, (True, False)), (P, (False, True)), (P + 25, (False, False))]
)
def test_case_16_the_best_of_two_publishers_may_be_crossed_or_locked_and_is_flagged(mbo, soft, ask, flags):
    bids, asks = mbo(("A", "B", 1, P, 5)), mbo(("A", "A", 1, ask, 7), publisher=2)
    last = pl.DataFrame(told(np.concatenate([bids, asks]))["bbo"]).tail(1)
    assert last.select("bid_price", "bid_size", "ask_price", "ask_size").row(0) == (P, 5, ask, 7)
    assert last.select(crossed=soft.crossed(), locked=soft.locked()).row(0) == flags


def told(records):
    """The columns of every table that is measured of all publishers together."""
    measures = Measures(25)
    parts = measures.apply(words(records), np.arange(len(records))), measures.finish()
    return {
        name: dict(zip(columns, np.concatenate([part[name] for part in parts], axis=1).tolist(), strict=True))
        for name, columns in COLUMNS.items()
    }


def test_case_10_a_recovery_in_the_session_is_one_row_with_the_snapshot_alone(mbo, watched):
    before = mbo(("A", "B", 1, P, 10), ("A", "A", 2, P + 25, 5)), mbo(("A", "B", 1, P, 4), instrument=8)
    recovery = mbo(
        ("R", "N", 0, UNDEF, 0, 40),
        ("A", "B", 9, P - 25, 3, 40),
        ("A", "A", 2, P + 25, 1, 168),
        ts=1_767_700_900_000_000_000,
    )
    seen = watched(np.concatenate([*before, recovery]))
    assert seen.touch["number"].tolist() == [0, 1, 2, 5]
    assert seen.best()[-1] == (P - 25, 3, 1, P + 25, 1, 1)
    assert (seen.queue("B", P), seen.queue("B", P, instrument=8)) == ([], [(1, 4)])
    assert seen.wrong == []


@pytest.mark.parametrize("first", [0, 2**64 - 300], ids=["at the start of the index", "around its end"])
def test_case_20_ids_with_one_hash_are_told_apart_while_the_index_grows(mbo, watched, first):
    back = pow(int(SPREAD), -1, 2**64)
    ids = [(first + n) * back % 2**64 for n in range(300)]
    adds, cancels = [("A", "B", each, P, 1) for each in ids], [("C", "B", each, P, 1) for each in ids[::2]]
    again = [("A", "B", each, P, 2) for each in ids[::2]]
    seen = watched(mbo(*adds, *cancels, *again), room=Room(books=1, orders=15))
    assert seen.queue("B", P) == [(each, 1) for each in ids[1::2]] + [(each, 2) for each in ids[::2]]
    assert seen.wrong == []


near = st.integers(-4, 4).map(lambda ticks: ticks * 25)
lines = st.tuples(
    st.sampled_from("AAAACCMMTFN"), st.sampled_from("AB"), st.integers(0, 9), near, st.integers(1, 5)
)


@pytest.mark.parametrize("chunk", [1, 7, 4096])
@settings(max_examples=40)
@given(said=st.lists(st.tuples(lines, st.sampled_from([0, LAST])), min_size=1, max_size=60))
def test_case_24_the_queues_are_the_twins_at_every_end_of_an_event(mbo, twins, chunk, said):
    records = mbo(*((*line, flags) for line, flags in said))
    twin, book, done = twins(1), Replay(25, room=Room(books=1, orders=15)), 0
    for end in np.flatnonzero(records["flags"] & LAST) + 1:
        for at in range(done, end, chunk):
            book.apply(records[at : min(at + chunk, end)])
        twin.apply(records[done:end])
        done = end
        assert queues(book) == twin.books[7, 1].state()


def queues(book):
    """Every queue of the book of instrument 7 as the twin has it."""
    sides = {"B": {}, "A": {}}
    for row in book.resting(7, 1):
        sides["BA"[row["side"]]].setdefault(int(row["price"]), []).append(
            (int(row["order_id"]), int(row["size"]))
        )
    return {side: dict(sorted(levels.items())) for side, levels in sides.items()}
