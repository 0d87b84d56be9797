"""Scores and probabilities, by the printed values and by scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics

from lakeflow.truth.clusters import Draws
from lakeflow.truth.lookahead import scores
from lakeflow.truth.lookahead.compare import by_session, diebold_mariano, long_run
from lakeflow.truth.lookahead.probability import calibrated, isotonic, log_loss, platt, raw, rising

Y = np.array([1, 0, 1, 1, 0, 0, 1, 0, 1, 0], bool)
P = np.array([0.9, 0.2, 0.7, 0.6, 0.4, 0.1, 0.8, 0.3, 0.55, 0.45])


def test_probabilities_are_scored_as_printed():
    assert round(scores.brier(P, Y), 4) == 0.1005
    assert f"{scores.log_loss(P, Y):.8f}" == "0.35876833"


def test_calibration_is_told_in_its_parts():
    parts = scores.of_reliability(scores.reliability(P, Y, bins=5))
    assert round(parts["ece"], 2) == 0.20
    assert [round(parts[name], 3) for name in ("reliability", "resolution", "uncertainty")] == [
        0.058,
        0.200,
        0.250,
    ]


def test_isotonic_steps_rise_and_are_read_between():
    steps = rising(np.array([0.1, 0.2, 0.3, 0.4, 0.5]), np.array([0.0, 1, 0, 1, 1]))
    assert steps.y.tolist() == [0, 0.5, 0.5, 1, 1]
    assert np.interp([0.05, 0.25, 0.9], *steps).tolist() == [0, 0.5, 1]


def test_a_forecast_of_nothing_hits_nothing():
    truth = np.array([0.0, 0, 0, 1, -1])
    found = scores.of_forecast(np.zeros(5), truth)
    assert (found["hit_rate"], found["r2"], found["no_move"], found["no_call"]) == (None, 0, 0.6, 1)


def test_ties_are_no_hits():
    found = scores.of_forecast(np.array([1.0, 1, 0, -1]), np.array([2.0, 0, 1, 1]))
    assert (found["hit_rate"], found["no_move"], found["no_call"]) == (0.5, 0.25, 0.25)


def test_the_sheets_scores_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    told, truth = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    assert scores.matthews(told, truth) == pytest.approx(metrics.matthews_corrcoef(truth, told))
    score, yes = np.round(rng.normal(size=200), 1), truth == 2
    assert scores.auc(score, yes) == pytest.approx(metrics.roc_auc_score(yes, score))
    assert scores.auc(score, np.zeros(200, bool)) is None


def test_a_signal_earns_its_move_less_its_cost():
    told, truth = np.array([0.2, 1.0, -1.0]), np.array([9.0, 2.0, 3.0])
    assert scores.earned(told, truth, np.full(3, 0.5), 0.5).tolist() == [1.5, -3.5]


def test_a_class_of_one_kind_scores_nothing():
    assert scores.matthews(np.ones(4, int), np.array([0, 1, 2, 1])) == 0


def test_raw_probabilities_are_shares_of_errors():
    found = raw(np.array([0.0, 1.0]), np.array([-1.0, 0, 0, 1]))
    assert found.tolist() == [[0.25, 0.5, 0.25], [0, 0.25, 0.75]]


@pytest.mark.parametrize("rows", [600, 6000])
def test_calibration_mends_what_is_too_sure(rows):
    rng = np.random.default_rng(4)
    honest = rng.dirichlet([2, 2, 2], rows)
    truth = (rng.random(rows)[:, None] > honest.cumsum(axis=1)).sum(axis=1)
    sure = honest**3 / (honest**3).sum(axis=1, keepdims=True)
    mended = calibrated(sure, truth)(sure)
    assert mended.sum(axis=1) == pytest.approx(1)
    assert log_loss(mended, truth) < log_loss(sure, truth) - 0.05
    assert log_loss(mended, truth) == pytest.approx(log_loss(honest, truth), abs=0.02)


def test_both_ways_of_calibration_keep_what_is_honest():
    rng = np.random.default_rng(6)
    honest = rng.dirichlet([2, 2, 2], 3000)
    truth = (rng.random(3000)[:, None] > honest.cumsum(axis=1)).sum(axis=1)
    for fit in (platt, isotonic):
        assert log_loss(fit(honest, truth)(honest), truth) == pytest.approx(log_loss(honest, truth), abs=0.03)


def test_overlapping_errors_are_weighted_by_bartlett():
    x = np.array([1.0, -1, 2, -2, 0])
    assert long_run([x], 1) == 2
    assert long_run([x], 2) == pytest.approx(2 + 2 * 0.5 * (-1 - 2 - 4) / 5)


def test_a_better_forecast_is_told_from_an_equal_one():
    rng = np.random.default_rng(8)
    sessions = [rng.normal(0.3, 1, 200) for _ in range(10)]
    assert diebold_mariano(sessions, 3).p < 0.001
    assert by_session(sessions, Draws("m")).lo > 0
    assert np.isnan(diebold_mariano([np.zeros(9)], 3).p)
