"""Intervals and q-values, by the printed values and by independent ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lakeflow.truth.clusters import Draws, Totals, interval, means, median_interval, medians, p_value, weights
from lakeflow.truth.intervals import benjamini_hochberg, garwood, wilson


@pytest.mark.parametrize(("n", "lo", "hi"), [(5, 1.6235, 11.6683), (0, 0, 3.6889)])
def test_a_count_lies_in_garwoods_interval(n, lo, hi):
    assert tuple(round(x, 4) for x in garwood(n)) == (lo, hi)


@pytest.mark.parametrize(
    ("hits", "n", "lo", "hi"),
    [(52, 96, 0.44232, 0.63781), (8, 10, 0.49016, 0.94332), (0, 10, 0, 0.27753), (10, 10, 0.72247, 1)],
)
def test_a_share_lies_in_wilsons_interval(hits, n, lo, hi):
    assert tuple(round(x, 5) for x in wilson(hits, n)) == (lo, hi)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_values_are_scipys(p):
    assert benjamini_hochberg(np.array(p)) == pytest.approx(stats.false_discovery_control(p))


def test_a_test_that_was_not_made_counts_for_nothing():
    assert benjamini_hochberg(np.array([0.01, np.nan, 0.04])) == pytest.approx(
        [0.02, np.nan, 0.04], nan_ok=True
    )


def days(values, each=5):
    return Totals(np.array(values, float) * each, np.full(len(values), each))


def test_under_eight_days_nothing_is_said():
    assert median_interval(np.ones(7), np.arange(7), Draws("x"), weights(7, Draws("x"))) is None
    assert np.isnan(p_value(days([1] * 7), days([0] * 7), Draws("x")))


def test_days_are_drawn_whole_and_alike_for_the_same_cell():
    values, cell = list(range(20)), Draws("cell")
    found = interval(means(days(values), weights(20, cell)), cell)
    assert found == interval(means(days(values), weights(20, cell)), cell)
    half = 1.96 * np.std(values) / 20**0.5
    assert found == pytest.approx((9.5 - half, 9.5 + half), abs=0.4)


def test_a_mean_apart_from_its_baseline_is_told_from_one_that_is_not():
    rng = np.random.default_rng(3)
    noise = rng.normal(size=30)
    assert p_value(days(noise + 3), days(noise), Draws("a")) < 0.01
    assert p_value(days(noise), days(noise * 0 + noise.mean()), Draws("a")) > 0.5


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 7)), min_size=1, max_size=25))
def test_a_median_of_draws_is_that_of_the_days_laid_out(rows):
    values, day = (np.array(column) for column in zip(*rows, strict=True))
    drawn = weights(8, Draws("k", times=5))
    laid_out = [np.sort(np.repeat(values, w[day].astype(int))) for w in drawn]
    expected = [each[(len(each) - 1) // 2] if len(each) else np.nan for each in laid_out]
    assert medians(values.astype(float), day, drawn) == pytest.approx(expected, nan_ok=True)


def test_percentiles_leave_out_draws_of_nothing():
    assert interval(np.array([np.nan, *range(101)]), Draws("x")) == pytest.approx((2.5, 97.5))
