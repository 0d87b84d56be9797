import warnings

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from lakeflow.forecast.logistic import logit
from lakeflow.forecast.recalibration import beta_map, isotonic_map, platt_map
from lakeflow.forecast.sample import sample
from lakeflow.forecast.venn import answer, venn_abers

GRID = np.arange(41) / 40


def test_the_isotonic_map_is_that_of_scikit_learn(noisy):
    p, y, _ = noisy(400)
    said = IsotonicRegression(out_of_bounds="clip").fit(p, y).predict(GRID)
    assert isotonic_map(sample(p, y)).apply(GRID) == pytest.approx(said, abs=1e-12)


def test_platts_map_is_the_logistic_one_of_his_targets(noisy):
    p, y, _ = noisy(400)
    p = np.clip(p, 0.01, 0.99)
    yes, no = y.sum(), 400 - y.sum()
    target = np.where(y == 1, (yes + 1) / (yes + 2), 1 / (no + 2))
    odds = np.tile(logit(p, 1e-6), 2)[:, None]
    both = np.r_[np.ones(400), np.zeros(400)]
    oracle = LogisticRegression(C=np.inf, tol=1e-12, max_iter=1000).fit(
        odds, both, sample_weight=np.r_[target, 1 - target]
    )
    found = platt_map(sample(p, y))
    assert (found.intercept, found.slope) == pytest.approx(
        (oracle.intercept_[0], oracle.coef_[0, 0]), abs=1e-5
    )


class Already(LogisticRegression):
    """A classifier whose decision is the log odds that it is given."""

    def decision_function(self, rows):
        return rows[:, 0]


def test_platts_map_is_that_of_scikit_learn(noisy):
    from sklearn.frozen import FrozenEstimator

    p, y, _ = noisy(400)
    odds = logit(np.clip(p, 0.01, 0.99), 1e-6)[:, None]
    oracle = CalibratedClassifierCV(FrozenEstimator(Already().fit(odds, y)), method="sigmoid").fit(odds, y)
    said = oracle.predict_proba(logit(GRID[1:-1], 1e-6)[:, None])[:, 1]
    assert platt_map(sample(np.clip(p, 0.01, 0.99), y)).apply(GRID[1:-1]) == pytest.approx(said, abs=1e-5)


def test_the_beta_map_is_that_of_betacal(noisy):
    import betacal as oracle

    p, y, _ = noisy(800)
    p = np.clip(p, 0.01, 0.99)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said = oracle.BetaCalibration("abm").fit(p.reshape(-1, 1), y).predict(GRID[1:-1])
    assert beta_map(sample(p, y)).apply(GRID[1:-1]) == pytest.approx(said, abs=1e-3)


def test_a_beta_map_never_falls():
    random = np.random.default_rng(1)
    for power in (0.2, 1.0, 5.0):
        p = random.random(300)
        found = beta_map(sample(p, random.random(300) < 1 - p**power))  # the wrong way round
        assert min(found.a, found.b) >= 0
        assert (np.diff(found.apply(GRID)) >= 0).all()


def test_the_third_parameter_of_a_beta_map_is_what_becomes_one_half(noisy):
    p, y, _ = noisy(400)
    found = beta_map(sample(p, y))
    assert found.apply(np.array([found.m])) == pytest.approx([0.5])


def test_every_map_mends_forecasts_bent_by_the_market():
    random = np.random.default_rng(2)
    truth = random.random(20_000)
    rows = sample(truth**2, random.random(20_000) < truth)
    for found in (isotonic_map(rows), platt_map(rows), beta_map(rows)):
        assert found.apply(GRID[4:-4] ** 2) == pytest.approx(GRID[4:-4], abs=0.05)


def test_rows_that_cannot_be_fitted_give_no_map():
    none, flat, single = sample([], []), sample([0.5, 0.5], [1, 0]), sample([0.2, 0.8], [1, 1])
    assert isotonic_map(none) is platt_map(none) is beta_map(none) is platt_map(flat) is None
    assert beta_map(single) is beta_map(sample([0.1, 0.2, 0.8], [0, 0, 1])) is None
    assert beta_map(flat).apply(GRID) == pytest.approx(0.5)


def slowly(p, y, test: float, label: int) -> float:
    return IsotonicRegression().fit(np.append(p, test), np.append(y, label)).predict([test])[0]


@pytest.mark.parametrize("rows", [1, 2, 7, 60])
def test_venn_abers_is_two_isotonic_fits_of_one_row_more(rows, noisy):
    p, y, _ = noisy(rows, seed=rows, ticks=30)
    tests = np.r_[GRID, p]
    found = answer(venn_abers(sample(p, y)), tests)
    assert found.low == pytest.approx([slowly(p, y, each, 0) for each in tests], abs=1e-12)
    assert found.high == pytest.approx([slowly(p, y, each, 1) for each in tests], abs=1e-12)


def test_venn_abers_is_that_of_the_library(noisy):
    import venn_abers as oracle

    p, y, _ = noisy(300)
    points = np.array([0.05, 0.2, 0.41, 0.6, 0.77, 0.93])
    library = oracle.VennAbers()
    library.fit(np.column_stack([1 - p, p]), y, precision=None)
    merged, bounds = library.predict_proba(np.column_stack([1 - points, points]))
    found = answer(venn_abers(sample(p, y)), points)
    assert np.column_stack([found.low, found.high]) == pytest.approx(bounds, abs=1e-6)
    assert found.merged == pytest.approx(merged[:, 1], abs=1e-6)


def test_venn_abers_of_no_rows_says_nothing():
    assert venn_abers(sample([], [])) is None
