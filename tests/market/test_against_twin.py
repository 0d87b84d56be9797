"""The kernel against the dull twin: the same queues, rows and faults for any stream of records and any chunk size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.market.anomalies import names
from lakeflow.market.book import Replay

TICK, DEPTH, UNDEF = 25, 3, 2**63 - 1
ids = st.sampled_from([0, 1, 2, 3, 4, 5, 2**63, 2**64 - 1])
near = st.integers(-4, 4).map(lambda ticks: ticks * TICK)
prices = near | st.sampled_from([-26, 3, 26, 100_001, UNDEF, UNDEF - 1, -(2**63), 199_999 * 10**9, 10**5])
sizes = st.integers(1, 4) | st.sampled_from([0, 2**32 - 2, 2**32 - 1])
good_flags = st.sampled_from([0, 128, 130, 130])
any_flags = good_flags | st.integers(0, 255) | st.sampled_from([40, 168, 64 | 128, 16 | 128, 4])


def lines(actions, sides, prices, sizes, flags):
    return st.tuples(st.sampled_from(actions), st.sampled_from(sides), ids, prices, sizes, flags)


valid = st.lists(lines("AAACMMTF", "AB", near, st.integers(1, 4), good_flags), max_size=50)
foul = st.lists(lines("AAACCMMMTFNRZ", "AABBN?", prices, sizes, any_flags), max_size=50)


def stream(mbo, said, places, times):
    """The records of a list of lines, each at a place of its own, with the times of receipt that are given."""
    records = np.concatenate([mbo(*said), mbo()])
    for record, (instrument, publisher), day in zip(records, places, times, strict=False):
        record["instrument_id"], record["publisher_id"] = instrument, publisher
        record["ts_recv"] += day * 86_400_000_000_000
    return records


def replayed(records, chunk, **how):
    """The rows of a replay as the twin writes them, its faults, and the replay."""
    book, rows, wrong = Replay(how.pop("tick", TICK), levels=DEPTH, **how), [], []
    for at in range(0, len(records), chunk):
        changes = book.apply(records[at : at + chunk])
        for row in changes.depth:
            sides = [list(zip(*(row[f"{side}_{what}"].tolist() for what in ("price", "size", "count")), strict=True))
                     for side in ("bid", "ask")]  # fmt: skip
            rows.append(
                (row["number"], row["instrument_id"], row["publisher_id"], tuple(sides), bool(row["suspect"]))
            )
        for row in changes.wrong:
            key = book.books()[row["book"]]
            wrong.append((row["number"], *key, frozenset(names(int(row["classes"])))))
    return rows, wrong, book


def state(book, key):
    """Every queue of a book as the twin has it."""
    sides = {"B": {}, "A": {}}
    for row in book.resting(*key):
        order_id = None if row["aggregate"] else int(row["order_id"])
        sides["BA"[row["side"]]].setdefault(int(row["price"]), []).append((order_id, int(row["size"])))
    return {side: dict(sorted(levels.items())) for side, levels in sides.items()}


def assert_equal(records, twins, chunk, **how):
    twin = twins(DEPTH).apply(records)
    rows, wrong, book = replayed(records, chunk, **how)
    assert rows == twin.rows
    assert wrong == twin.wrong
    assert book.books() == list(twin.books)
    for key, one in twin.books.items():
        assert state(book, key) == one.state()


places = st.lists(st.sampled_from([(7, 1), (7, 2), (8, 1)]), min_size=50, max_size=50)
days = st.lists(st.integers(0, 1), min_size=50, max_size=50).map(sorted)


@pytest.mark.parametrize("chunk", [1, 7, 4096])
@given(said=valid)
def test_valid_streams_leave_the_queues_of_the_twin(twins, mbo, said, chunk):
    assert_equal(mbo(*said), twins, chunk)


@pytest.mark.parametrize("chunk", [1, 7, 4096])
@settings(max_examples=200)
@given(said=foul, where=places, when=days)
def test_foul_streams_leave_the_queues_of_the_twin_and_its_faults(twins, mbo, said, where, when, chunk):
    assert_equal(stream(mbo, said, where, when), twins, chunk)


@given(said=foul, tick=st.sampled_from([1, 7, 25, 2**40]))
def test_no_tick_changes_the_answer(twins, mbo, said, tick):
    assert_equal(mbo(*said), twins, 4096, tick=tick, window=4096)
