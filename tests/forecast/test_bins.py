import numpy as np
import pytest

from lakeflow.forecast.bins import by_mass, by_width, equal_mass, equal_width
from lakeflow.forecast.reliability import murphy, yates
from lakeflow.forecast.sample import sample
from lakeflow.forecast.scores import brier


def test_a_price_on_a_tick_is_in_its_own_bin_of_a_hundred():
    ticks = np.arange(101)
    assert equal_width(ticks / 100, 100).tolist() == [*range(100), 99]
    assert int(0.29 * 100) == 28, "what the integers are for"


def test_bins_of_equal_width_are_closed_to_the_left_and_the_last_one_to_the_right():
    assert equal_width(np.array([0, 0.099999, 0.1, 0.9, 1.0])).tolist() == [0, 0, 1, 9, 9]


def test_bins_of_equal_mass_never_split_a_tie():
    rows = sample([0.1] * 5 + [0.2, 0.3, 0.4], [0, 1] * 4)
    assert equal_mass(rows, 4).tolist() == [0, 2, 3, 3]
    assert by_mass(rows, 4).rows.tolist() == [5, 1, 2]


def test_bins_hold_every_row_once(noisy):
    p, y, _ = noisy(1000)
    weight = np.random.default_rng(1).random(1000) + 0.1
    rows = sample(p, y, weight)
    for found in (by_width(rows), by_mass(rows)):
        assert found.rows.sum() == 1000
        assert (found.mass * found.mean_p).sum() == pytest.approx((weight * p).sum())
        assert (found.mass * found.rate).sum() == pytest.approx((weight * y).sum())


@pytest.mark.parametrize("count", [1, 7, 10, 100])
def test_murphys_parts_and_yatess_are_the_brier_score(count, noisy):
    p, y, _ = noisy(800, ticks=997)
    rows = sample(p, y, np.random.default_rng(2).random(800) + 0.1)
    five, moments = murphy(rows, by_width(rows, count)), yates(rows)
    said = brier(rows)
    assert five.rel - five.res + five.unc + five.wbv - five.wbc == pytest.approx(said, abs=1e-15)
    six = moments.var_y + moments.bias2 + moments.var_f_min + moments.scatter - 2 * moments.cov
    assert six == pytest.approx(said, abs=1e-15)


def test_bins_of_equal_forecasts_have_nothing_inside(noisy):
    p, y, _ = noisy(500, ticks=10)
    rows = sample(p, y)
    parts = murphy(rows, by_width(rows))
    assert parts.wbv > 0  # .9 and 1 share the last bin
    alone = murphy(rows, by_width(rows, 1000))
    assert (alone.wbv, alone.wbc) == pytest.approx((0, 0), abs=1e-15)


def test_the_slope_of_yates_is_the_gap_between_the_classes(noisy):
    p, y, _ = noisy(300)
    assert yates(sample(p, y)).slope == pytest.approx(p[y == 1].mean() - p[y == 0].mean(), rel=1e-12)


def test_no_rows_and_one_class_have_no_slope():
    assert murphy(sample([], []), by_width(sample([], []))) is None
    assert yates(sample([], [])) is None
    assert yates(sample([0.2, 0.4], [1, 1])).slope is None
