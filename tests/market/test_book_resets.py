"""Snapshots, clears and gaps worked out by hand: what becomes of the book that stood, and what is told."""

import numpy as np
import pytest

UNDEF = 2**63 - 1


NONE = (UNDEF, 0, 0)


P = 2500  # a price on the ticks of 25


def test_a_clear_empties_its_own_book_and_no_other(mbo, watched):
    other = mbo(("A", "B", 1, P, 3), publisher=2), mbo(("A", "B", 1, P, 4), instrument=8)
    seen = watched(np.concatenate([mbo(("A", "B", 1, P, 10), ("A", "A", 2, P + 25, 5)), *other,
                                   mbo(("R", "N", 0, UNDEF, 0))]))  # fmt: skip
    assert seen.best()[-1] == (*NONE, *NONE)
    assert seen.queue("B", P, publisher=2) == [(1, 3)]
    assert seen.queue("B", P, instrument=8) == [(1, 4)]


def test_a_snapshot_is_one_row_and_its_orders_may_be_older_than_the_day(mbo, watched):
    records = mbo(("R", "N", 0, UNDEF, 0, 40), ("A", "B", 1, P, 10, 40), ("A", "A", 2, P + 25, 5, 168))
    records["ts_event"][1] -= 3 * 86_400_000_000_000
    seen = watched(records)
    assert seen.touch["number"].tolist() == [2]
    assert seen.best() == [(P, 10, 1, P + 25, 5, 1)]


@pytest.mark.parametrize("tail", [40, 168], ids=["no end in the snapshot", "an end"])
def test_a_snapshot_of_another_day_without_a_clear_replaces_the_book(mbo, watched, tail):
    old = mbo(("A", "B", 1, P, 10), ("A", "A", 2, P + 25, 5))
    new = mbo(("A", "B", 1, P, 7, 40), ("A", "A", 4, P + 50, 1, tail), ts=1_767_800_000_000_000_000)
    seen = watched(np.concatenate([old, new, mbo(("N", "N", 0, UNDEF, 0))]))
    assert seen.best()[-1] == (P, 7, 1, P + 50, 1, 1)
    assert seen.wrong == [(2, ["implicit_clear"])]


def test_a_quiet_book_is_replaced_by_the_snapshot_of_the_next_day_too(mbo, watched):
    days = [
        mbo(("A", "B", order_id, P, 7, 40), ts=ts)
        for order_id, ts in ((1, 86_400_000_000_000), (2, 172_800_000_000_000))
    ]
    seen = watched(np.concatenate(days))
    assert seen.queue("B", P) == [(2, 7)]


def test_a_day_with_its_snapshot_is_the_same_alone_and_after_another(mbo, watched):
    before = mbo(("A", "B", 1, P, 10), ("A", "B", 9, P + 25, 10), ("T", "A", 0, P, 1))
    day = mbo(
        ("R", "N", 0, UNDEF, 0, 40),
        ("A", "B", 1, P, 7, 40),
        ("A", "A", 4, P + 50, 1, 168),
        ("C", "B", 1, P, 2),
    )
    alone, after = watched(day, levels=3), watched(np.concatenate([before, day]), levels=3)
    after.depth["number"] -= len(before)
    assert np.array_equal(alone.depth, after.depth[-len(alone.depth) :])


def test_the_clear_of_an_empty_book_is_one_row_without_quotes(mbo, watched):
    assert watched(mbo(("R", "N", 0, UNDEF, 0, 168), ("R", "N", 0, UNDEF, 0, 168))).best() == [(*NONE, *NONE)]


def test_a_gap_makes_a_book_suspect_until_it_is_cleared(mbo, watched):
    seen = watched(mbo(("A", "B", 1, P, 10), ("A", "B", 2, P, 10, 132), ("A", "B", 3, P, 1), ("R", "N", 0, UNDEF, 0),
                       ("A", "B", 4, P, 1)))  # fmt: skip
    assert seen.touch["suspect"].tolist() == [False, True, True, False, False]
    assert seen.wrong == [(1, ["maybe_bad_book"])]
