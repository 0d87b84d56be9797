import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from lakeflow.forecast.corp import decompose
from lakeflow.forecast.isotonic import curve, isotonic
from lakeflow.forecast.sample import sample
from lakeflow.forecast.scores import EPSILON, logarithmic, quadratic, spherical

ROWS = st.lists(st.tuples(st.integers(0, 20), st.booleans(), st.integers(1, 4)), min_size=1, max_size=40)


def test_the_curve_is_that_of_scikit_learn(noisy):
    p, y, _ = noisy(2000)
    weight = 0.5 + np.random.default_rng(1).random(2000)
    found = curve(sample(p, y, weight))
    said = IsotonicRegression().fit(p, y, sample_weight=weight).predict(found.p)
    assert found.x == pytest.approx(said, abs=1e-12)


@pytest.mark.parametrize("score", ["squared_error", "log_loss"])
@pytest.mark.parametrize("weighed", [False, True])
def test_the_parts_are_those_of_model_diagnostics(score, weighed, noisy, golden, off_grid):
    from model_diagnostics import scoring

    ours = {"squared_error": quadratic, "log_loss": logarithmic}[score]
    theirs = {"squared_error": scoring.SquaredError, "log_loss": scoring.LogLoss}[score]()
    for p, y, _ in (golden, off_grid, noisy(1500, seed=7)):
        inside = p if score == "squared_error" else np.clip(p, EPSILON, 1 - EPSILON)
        weight = 0.5 + np.random.default_rng(3).random(y.size) if weighed else None
        said = scoring.decompose(y, inside, weights=weight, scoring_function=theirs).row(0, named=True)
        names = ("score", "miscalibration", "discrimination", "uncertainty")
        found = decompose(sample(inside, y, weight), ours)
        assert found == pytest.approx([said[each] for each in names], rel=1e-12)


def test_the_parts_of_a_score_that_no_library_splits_are_its_means_over_the_curve_of_scikit_learn(golden):
    p, y, _ = golden
    curve_of = IsotonicRegression().fit_transform(p, y)
    given, calibrated, flat = (
        np.where(y == 1, spherical(each, 1.0), spherical(each, 0.0)).mean()
        for each in (p, curve_of, np.full(400, y.mean()))
    )
    said = (given, given - calibrated, flat - calibrated, flat)
    assert decompose(sample(p, y), spherical) == pytest.approx(said, rel=1e-12)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_no_forecast_is_expected_to_cost_less_than_the_true_chance(truth, other):
    chances = np.array([truth, other])
    for score in (quadratic, logarithmic, spherical):
        honest, else_said = truth * score(chances, 1.0) + (1 - truth) * score(chances, 0.0)
        assert honest <= else_said + 1e-12


@given(ROWS)
@settings(max_examples=100, deadline=None)
def test_the_parts_add_up_and_none_is_negative_for_any_proper_score(rows):
    p, y, w = (np.array(each, float) for each in zip(*rows, strict=True))
    for score in (quadratic, logarithmic, spherical):
        parts = decompose(sample(p / 20, y, w), score)
        assert parts.score == pytest.approx(parts.mcb - parts.dsc + parts.unc, abs=1e-12)
        # A curve may be more certain than the clip allows a forecast to be.
        assert min(parts.mcb, parts.dsc, parts.unc) >= -1e-6


@given(ROWS)
@settings(max_examples=100, deadline=None)
def test_a_curve_rises_and_keeps_the_sum(rows):
    p, y, w = (np.array(each, float) for each in zip(*rows, strict=True))
    found = sample(p / 20, y, w)
    x = curve(found).x
    assert (np.diff(x) >= 0).all()
    assert (x * found.mass).sum() == pytest.approx(found.hits.sum(), abs=1e-9)


def test_a_curve_is_as_certain_as_what_came_and_costs_nothing_there():
    parts = decompose(sample([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]), logarithmic)
    assert parts.mcb == pytest.approx(parts.score, abs=1e-15)
    assert parts.dsc == parts.unc == pytest.approx(np.log(2))


def test_one_class_leaves_only_miscalibration():
    parts = decompose(sample([0.3, 0.6], [1, 1]))
    assert parts == pytest.approx((0.325, 0.325, 0, 0))


def test_equal_forecasts_do_not_discriminate():
    assert decompose(sample([0.5] * 4, [1, 1, 1, 0])) == pytest.approx((0.25, 0.0625, 0, 0.1875))


def test_knots_of_no_mass_take_the_value_before_them():
    assert isotonic(np.array([0.0, 1, 0, 3]), np.array([0.0, 2, 0, 3])).tolist() == [0.5, 0.5, 0.5, 1.0]


def test_no_rows_have_no_parts():
    assert decompose(sample([], [])) is None
