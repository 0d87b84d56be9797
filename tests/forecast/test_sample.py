import numpy as np
import pytest

from lakeflow.forecast.sample import pooled_rows, sample, status


def test_equal_forecasts_are_one_knot():
    rows = sample([0.5, 0.2, 0.5], [1, 0, 0], weight=[2.0, 1.0, 3.0])
    assert rows.knots.tolist() == [0.2, 0.5]
    assert (rows.mass.tolist(), rows.hits.tolist()) == ([1.0, 5.0], [0.0, 2.0])
    assert pooled_rows(rows).tolist() == [0, 1, 1]


def test_the_order_of_the_rows_leaves_no_trace(noisy):
    p, y, cluster = noisy(500)
    weight, other = p + 0.1 + y, np.random.default_rng(2).permutation(500)
    one = sample(p, y, weight, cluster)
    two = sample(p[other], y[other], weight[other], cluster[other])
    for name in ("p", "y", "w", "mass", "hits"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    assert np.bincount(one.cluster, one.w).tobytes() == np.bincount(two.cluster, two.w).tobytes()


def test_a_negative_zero_is_a_zero():
    assert sample([-0.0, 0.0], [0, 1]).knots.tolist() == [0.0]


@pytest.mark.parametrize(
    ("p", "y", "w", "said"),
    [
        ([0.5, 1.2], [0, 1], None, "row 1: a forecast is between 0 and 1, not 1.2"),
        ([float("nan")], [0], None, "row 0: a forecast is between 0 and 1, not nan"),
        ([0.5], [0.5], None, "row 0: an outcome is 0 or 1, not 0.5"),
        ([0.5], [1], [0.0], "row 0: a weight is finite and above 0, not 0.0"),
        ([0.5, 0.6], [1], None, "rows of the same number"),
    ],
)
def test_bad_rows_are_refused_by_row_and_value(p, y, w, said):
    with pytest.raises(ValueError, match=said):
        sample(p, y, w)


@pytest.mark.parametrize(
    ("p", "y", "why"),
    [
        ([], [], "EMPTY"),
        ([0.2, 0.4], [1, 1], "ONE_CLASS"),
        ([0.4, 0.4], [1, 0], "CONSTANT"),
        ([0.2, 0.4, 0.4, 0.6], [0, 0, 1, 1], "SEPARATION"),
        ([0.2, 0.4], [1, 0], "SEPARATION"),
        ([0.2, 0.4, 0.6], [0, 1, 0], "OK"),
    ],
)
def test_the_status_says_why_a_figure_may_be_missing(p, y, why):
    assert status(sample(p, y)) == why
