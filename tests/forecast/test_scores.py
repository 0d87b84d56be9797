import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from lakeflow.forecast import scores
from lakeflow.forecast.corp import decompose
from lakeflow.forecast.discrimination import auc, spiegelhalter_z
from lakeflow.forecast.sample import sample


def test_scores_are_those_of_scikit_learn(noisy):
    p, y, _ = noisy(1000)
    weight = 0.5 + np.random.default_rng(3).random(1000)
    rows, clipped = sample(p, y, weight), np.clip(p, scores.EPSILON, 1 - scores.EPSILON)
    assert scores.brier(rows) == pytest.approx(brier_score_loss(y, p, sample_weight=weight), rel=1e-12)
    assert scores.log_loss(rows) == pytest.approx(log_loss(y, clipped, sample_weight=weight), rel=1e-12)
    assert auc(rows) == pytest.approx(roc_auc_score(y, p, sample_weight=weight), rel=1e-12)


def test_a_certain_forecast_that_is_wrong_costs_as_much_as_a_tick():
    rows = sample([0.0, 1.0], [1, 1])
    assert scores.log_loss(rows) == pytest.approx((13.815510558 + 1e-6) / 2, abs=1e-8)
    assert scores.certain_wrong(rows) == 1


def test_one_certain_mistake_in_a_thousand_moves_the_log_loss_to_706():
    rows = sample([0.5] * 999 + [0.0], [1, 0] * 499 + [1, 1])
    assert scores.log_loss(rows) == pytest.approx(0.706, abs=5e-4)


def test_the_volume_weighted_score_is_the_score_of_copied_rows(noisy):
    p, y, _ = noisy(60)
    copies = np.random.default_rng(4).integers(1, 5, 60)
    one, other = sample(p, y, copies), sample(np.repeat(p, copies), np.repeat(y, copies))
    for score in (scores.quadratic, scores.logarithmic, scores.spherical):
        assert scores.mean_score(one, score) == pytest.approx(scores.mean_score(other, score), rel=1e-13)


def test_rows_of_unequal_weight_count_for_fewer():
    assert scores.effective_rows(sample([0.1, 0.2, 0.3], [0, 1, 0], [1.0, 1.0, 2.0])) == pytest.approx(16 / 6)


def test_extremes_are_counted_by_whole_ticks():
    rows = sample([0.05, 0.95, 0.05000001, 0.051, 0.9499], [0, 1, 0, 0, 1])
    assert scores.extreme_share(rows) == pytest.approx(3 / 5)


def test_skill_against_a_perfect_reference_is_not_a_number_to_print():
    assert (scores.skill(0.1, 0.2), scores.skill(0.1, 0.0)) == (0.5, None)


def test_scoring_both_tokens_would_pass_for_skill():
    random = np.random.default_rng(6)
    p = random.dirichlet(np.full(20, 0.9), 2000)
    y = (random.random(2000)[:, None] > p.cumsum(axis=1)).sum(axis=1)[:, None] == np.arange(20)
    yes, both = (
        sample(p.ravel(), y.ravel()),
        sample(np.r_[p.ravel(), 1 - p.ravel()], np.r_[y.ravel(), ~y.ravel()]),
    )
    assert scores.brier(both) == pytest.approx(scores.brier(yes), rel=1e-12)
    inflated, honest = (scores.skill(scores.brier(each), decompose(each).unc) for each in (both, yes))
    assert honest < 0.1
    assert inflated > 0.8


def test_sharpness_is_the_variance_of_the_forecasts(noisy):
    p, y, _ = noisy(100)
    assert scores.sharpness(sample(p, y)) == pytest.approx(p.var(), rel=1e-13)


def test_spiegelhalters_z_is_normal_over_calibrated_samples():
    random = np.random.default_rng(5)
    found = []
    for _ in range(300):
        p = random.random(200)
        found.append(spiegelhalter_z(sample(p, random.random(200) < p)))
    assert np.mean(found) == pytest.approx(0, abs=0.2)
    assert np.std(found) == pytest.approx(1, abs=0.15)


def test_of_no_rows_or_one_class_there_is_nothing_to_say():
    none = sample([], [])
    assert (scores.brier(none), scores.log_loss(none), scores.sharpness(none), auc(none)) == (None,) * 4
    assert scores.brier(sample([0.25], [1])) == 0.5625
    assert auc(sample([0.2, 0.3], [1, 1])) is None
    assert spiegelhalter_z(sample([0.0, 0.5, 1.0], [0, 1, 1])) is None
