"""States are carried, flows are summed, flags are off."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.truth.fills import counts, covered, see, sums


def test_a_state_is_carried_and_a_flow_is_not():
    seconds = np.array([0, 3])
    seen = see(seconds, 4)
    assert seen.series(pl.Series(["a", "b"]), 60).to_list() == ["a", "a", "a", "b"]
    assert seen.obs.tolist() == [True, False, False, True]
    assert seen.age.tolist() == [0, 1, 2, 0]
    assert sums(seconds, np.array([7, 9]), 4).tolist() == [7, 0, 0, 9]


def test_a_state_is_unknown_before_the_first_and_when_it_is_stale():
    seen = see(np.array([1]), 5)
    assert seen.floats(np.array([5.0]), 2).tolist()[1:4] == [5, 5, 5]
    assert np.isnan(seen.floats(np.array([5.0]), 2)[[0, 4]]).all()
    assert seen.ages().to_list() == [None, 0, 1, 2, 3]


def test_the_last_of_a_second_counts_and_what_lies_outside_the_session_does_not():
    seen = see(np.array([-1, 0, 0, 2]), 2)
    assert seen.row.tolist() == [2, 2]
    assert counts(np.array([-1, 0, 0, 2]), 2).tolist() == [2, 0]


def test_a_session_without_a_row_is_all_unknown():
    seen = see(np.zeros(0, np.int64), 3)
    assert seen.series(pl.Series("x", [], pl.Int64), 60).to_list() == [None] * 3
    assert np.isnan(seen.floats(np.zeros(0), 60)).all()


def test_spans_of_seconds_are_covered_with_their_start_and_without_their_end():
    assert covered(np.array([-2, 3]), np.array([1, 5]), 6).tolist() == [True, False, False, True, True, False]


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(-5, 50)), max_size=30), st.integers(1, 20))
def test_what_is_summed_is_what_was_traded_and_a_later_row_changes_nothing_before_it(rows, cut):
    rows = sorted(rows, key=lambda row: row[0])
    seconds, lots = (np.array([row[k] for row in rows], np.int64) for k in (0, 1))
    assert sums(seconds, lots, 20).sum() == lots.sum()
    early = see(seconds[seconds < cut], cut)
    assert [each.tolist() for each in early] == [each[:cut].tolist() for each in see(seconds, 20)]
