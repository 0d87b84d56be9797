"""What came after a second, and when it is not known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.truth.forward import Path, outcome, outcomes


def path(mid, ages=None, halted=()):
    rows = len(mid)
    age = np.zeros(rows, np.int64) if ages is None else np.array(ages)
    return Path(np.array(mid, float), age, np.isin(np.arange(rows), halted), np.full(rows, 1e-3))


RISE = [100, 101, 99, 102, 102, 102, 104, 100]


def test_returns_run_from_the_second_to_the_one_that_is_h_later():
    row = outcomes(path(RISE), np.array([0]), np.array([1]), (5,)).row(0, named=True)
    assert row["fwd_ret_5"] == pytest.approx(math.log(1.02))
    assert (row["fwd_mfe_5"], row["fwd_mae_5"]) == pytest.approx((math.log(1.02), math.log(0.99)))
    assert row["cont_5"] is True


def test_a_tie_is_neither_a_hit_nor_a_miss():
    found = outcomes(path(RISE), np.array([0, 3, 3]), np.array([1, 1, -1]), (1, 2))
    assert found["cont_1"].to_list() == [True, None, None]
    assert found["cont_2"].to_list() == [False, None, None]


@pytest.mark.parametrize(
    "given_", [path(RISE, halted=[2]), path(RISE, ages=[6] + [0] * 7), path(RISE, ages=[0] * 5 + [-1] * 3)]
)
def test_nothing_is_said_across_a_halt_or_from_an_old_mid(given_):
    assert np.isnan(outcome(given_, np.array([0]), np.array([1]), 5).ret).all()


def test_nothing_is_said_beyond_the_session():
    assert np.isnan(outcome(path(RISE), np.array([2, 3]), np.array([1, 1]), 5).ret).tolist() == [False, True]


@given(st.lists(st.integers(50, 150), min_size=8, max_size=30), st.integers(1, 6), st.sampled_from([-1, 1]))
def test_the_best_and_worst_are_the_ends_of_what_came(mid, horizon, way):
    at = np.arange(len(mid))
    found = outcome(path(mid), at, np.full(len(mid), way), horizon)
    for t in range(len(mid) - horizon):
        gains = way * np.log(np.array(mid[t + 1 : t + horizon + 1]) / mid[t])
        assert (found.best[t], found.worst[t]) == pytest.approx((gains.max(), gains.min()))
