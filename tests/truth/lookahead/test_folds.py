"""Labels, sessions that train and test, and rows that are purged."""

import math
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.truth.lookahead.folds import Choices, Walk, combinatorial, folds, kept
from lakeflow.truth.lookahead.labels import Quoted, classes, labels

NAN = math.nan


def quoted(mid, ages=None, broken=()):
    rows = len(mid)
    return Quoted(np.array(mid), np.array(ages or [0] * rows), np.isin(np.arange(rows), broken))


MID = [100.0, 100.25, 100.25, 99.75, 100.0]


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (quoted(MID), [1, -2, -1, NAN, NAN]),
        (quoted(MID, ages=[3, 0, 0, 0, 0]), [NAN, -2, -1, NAN, NAN]),
        (quoted(MID, ages=[-1, 0, 0, 2, 3]), [NAN, -2, NAN, NAN, NAN]),
        (quoted(MID, broken=[3]), [1, NAN, NAN, NAN, NAN]),
    ],
)
def test_a_label_is_known_within_a_session_that_goes_on(given_, expected):
    assert labels(given_, 2, 0.25) == pytest.approx(expected, nan_ok=True)


def test_flat_is_less_than_the_band():
    assert classes(np.array([-2, -0.5, 0, 0.4, 0.5])).tolist() == [0, 0, 1, 1, 2]


def test_rows_around_a_test_are_purged():
    assert np.flatnonzero(kept(np.arange(20), (8, 12), 2, 1)).tolist() == [*range(6), *range(15, 20)]


@given(st.integers(1, 60), st.integers(0, 59), st.integers(1, 9), st.integers(0, 9), st.integers(0, 9))
def test_no_label_of_a_kept_row_reaches_a_test_or_follows_it_too_soon(rows, start, length, horizon, embargo):
    for row in np.flatnonzero(kept(np.arange(rows), (start, start + length), horizon, embargo)):
        assert row + horizon < start or row >= start + length + horizon + embargo


def test_each_session_is_tested_once_after_all_it_was_fitted_on():
    found = list(folds(20, Walk()))
    assert [fold.test for fold in found] == [range(n, n + 1) for n in range(11, 20)]
    assert (found[0].train, found[0].calibration) == (range(10), range(10, 11))
    assert found[-1].train == range(3, 18)
    assert all(max(fold.train) < min(fold.calibration) < min(fold.test) for fold in found)


def test_too_few_sessions_make_no_fold():
    assert list(folds(11, Walk())) == []


def test_an_embargo_leaves_the_session_before_the_test_out():
    assert next(folds(20, Walk(embargo=1))).test == range(12, 13)


def test_every_choice_of_groups_is_tested_apart_from_its_train():
    found = list(combinatorial(60, 6, 2, (2, 1)))
    assert len(found) == 15
    assert all(not set(train) & set(test) for train, test in found)
    assert set(chain.from_iterable(test.tolist() for _, test in found)) == set(range(60))


def test_for_choosing_a_model_each_choice_of_groups_is_a_test():
    found = list(folds(20, Choices()))
    assert len(found) == 15
    for fold in found:
        assert sorted([*fold.train, *fold.calibration, *fold.test]) == list(range(20))
    assert sum(12 in fold.test for fold in found) == 5


def test_an_embargo_of_sessions_follows_each_group_that_is_tested():
    first = next(folds(12, Choices(groups=3, tests=1, embargo=1)))
    assert (first.test, first.train, first.calibration) == ([0, 1, 2, 3], [5, 6, 7, 8, 9, 10], [11])
    assert list(folds(5, Choices())) == []
