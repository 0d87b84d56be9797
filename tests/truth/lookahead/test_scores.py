"""Scores and probabilities, by the printed values, by scikit-learn, scipy and statsmodels."""

from itertools import islice

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import optimize, special, stats
from sklearn import metrics

from lakeflow.truth.lookahead.bins import CALIBRATION, binned, told_by
from lakeflow.truth.lookahead.compare import diebold_mariano, long_run
from lakeflow.truth.lookahead.of_classes import auc, of_classes
from lakeflow.truth.lookahead.of_quantiles import of_quantiles
from lakeflow.truth.lookahead.of_ticks import earnings, of_ticks
from lakeflow.truth.lookahead.probability import calibrated, isotonic, log_loss, platt, raw, rising
from lakeflow.truth.lookahead.sample import Sample, pooled

Y = np.array([1, 0, 1, 1, 0, 0, 1, 0, 1, 0], bool)
P = np.array([0.9, 0.2, 0.7, 0.6, 0.4, 0.1, 0.8, 0.3, 0.55, 0.45])
ONCE = np.ones((1, 1))


def sample(told, truth, probabilities=None, classes=None, half=0.0):
    n = len(told)
    chances = np.full((n, 3), 1 / 3) if probabilities is None else probabilities
    kinds = np.zeros(n, np.int64) if classes is None else classes
    quantiles = np.asarray(told, float)[:, None] + np.array([-2.0, -1, 0, 1, 2])
    own = (np.arange(n), np.asarray(told, float), np.asarray(truth, float), chances, kinds)
    return Sample(*own, np.full(n, half), quantiles, np.zeros(n, np.int64), 1)


def values(measures):
    return {(each.metric, each.item): float(each.of(ONCE)[0]) for each in measures}


def of_printed():
    return sample(P, Y, np.column_stack([1 - P, P]), Y.astype(np.int64))


def test_probabilities_are_scored_as_printed():
    found = values(islice(of_classes(of_printed(), []), 3))
    assert round(found["brier", ""] / 2, 4) == 0.1005
    assert f"{found['log_loss', '']:.8f}" == "0.35876833"


def test_calibration_is_told_in_its_parts():
    held = binned(of_printed(), P, Y, bins=5)
    parts = {name: float(told_by(held, of)(ONCE)[0]) for name, of in CALIBRATION.items()}
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
    found = values(of_ticks(sample(np.zeros(5), [0, 0, 0, 1, -1])))
    assert np.isnan(found["hit_rate", ""])
    assert (found["r2", ""], found["no_move", ""], found["no_call", ""]) == (0, 0.6, 1)


def test_ties_are_no_hits():
    found = values(of_ticks(sample([1, 1, 0, -1], [2, 0, 1, 1])))
    assert [found[name, ""] for name in ("hit_rate", "no_move", "no_call")] == [0.5, 0.25, 0.25]


def many(seed=0, n=200):
    rng = np.random.default_rng(seed)
    told, kinds = np.round(rng.normal(size=n), 1), rng.integers(0, 3, n)
    chances = np.round(rng.dirichlet([1, 1, 1], n), 2) + 1e-3
    chances /= chances.sum(axis=1, keepdims=True)
    return sample(told, told + np.round(rng.normal(size=n)), chances, kinds, 0.5)


def test_the_sheets_scores_are_those_of_scikit_learn_and_scipy():
    one = many()
    found = values([*of_ticks(one), *of_classes(one, [binned(one, one.told, one.told > 0, 5)] * 3)])
    likeliest = one.probabilities.argmax(axis=1)
    assert found["mcc", ""] == pytest.approx(metrics.matthews_corrcoef(one.classes, likeliest))
    assert found["log_loss", ""] == pytest.approx(metrics.log_loss(one.classes, one.probabilities))
    assert found["mae", ""] == pytest.approx(metrics.mean_absolute_error(one.truth, one.told))
    assert found["rmse", ""] == pytest.approx(metrics.root_mean_squared_error(one.truth, one.told))
    assert found["rank_ic", ""] == pytest.approx(stats.spearmanr(one.told, one.truth).statistic)
    for k, name in enumerate(("down", "flat", "up")):
        expected = metrics.roc_auc_score(one.classes == k, one.probabilities[:, k])
        assert found["auc", name] == pytest.approx(expected)


def test_a_session_drawn_twice_counts_as_if_it_were_there_twice():
    parts = [many(seed, 50) for seed in range(3)]
    whole, twice = pooled(parts), pooled([parts[0], parts[0], parts[2]])
    drawn = np.array([[2.0, 0, 1]])
    for of in (of_quantiles, lambda each: earnings(each, 0.1, (0.0, 0.5))):
        for one, other in zip(of(whole), of(twice), strict=True):
            assert one.of(drawn) == pytest.approx(other.of(np.ones((1, 3))), nan_ok=True)
    ups = [auc(each, each.probabilities[:, 2], each.classes == 2) for each in (whole, twice)]
    assert ups[0](drawn) == pytest.approx(ups[1](np.ones((1, 3))))


def test_a_class_that_is_always_there_has_no_curve_and_scores_nothing():
    one = many()._replace(classes=np.ones(200, np.int64))
    assert np.isnan(auc(one, one.probabilities[:, 1], one.classes == 1)(ONCE))[0]
    assert values(islice(of_classes(one, []), 3))["mcc", ""] == 0


def test_a_signal_earns_its_move_less_half_the_spread_and_the_fee():
    measures = list(earnings(sample([0.2, 1.0, -1.0], [9, 2, 3], half=0.25), 0.25, (0.5,)))
    assert values(measures)["pnl", "0.5"] == (1.5 - 3.5) / 2
    assert measures[0].n == 2
    hidden = sample([1.0, 1.0], [2, 2])._replace(half_spread=np.array([np.nan, 0.5]))
    assert next(iter(earnings(hidden, 0, (0.5,)))).n == 1


def test_quantiles_are_scored_as_scikit_learn_does():
    one = many()
    found = values(of_quantiles(one))
    expected = metrics.mean_pinball_loss(one.truth, one.quantiles[:, 0], alpha=0.05)
    assert found["pinball", "05"] == pytest.approx(expected)
    assert found["coverage", "50"] == (one.truth <= one.told).mean()
    assert (found["width", "50"], found["width", "90"]) == (2, 4)


def test_raw_probabilities_are_shares_of_errors():
    found = raw(np.array([0.0, 1.0]), np.array([-1.0, 0, 0, 1]))
    assert found.tolist() == [[0.25, 0.5, 0.25], [0, 0.25, 0.75]]


def honest_and_truth(rows, seed):
    rng = np.random.default_rng(seed)
    honest = rng.dirichlet([2, 2, 2], rows)
    return honest, (rng.random(rows)[:, None] > honest.cumsum(axis=1)).sum(axis=1)


@pytest.mark.parametrize("rows", [600, 6000])
def test_calibration_mends_what_is_too_sure(rows):
    honest, truth = honest_and_truth(rows, 4)
    sure = honest**3 / (honest**3).sum(axis=1, keepdims=True)
    mended = calibrated(sure, truth)(sure)
    assert mended.sum(axis=1) == pytest.approx(1)
    assert log_loss(mended, truth) < log_loss(sure, truth) - 0.05
    assert log_loss(mended, truth) == pytest.approx(log_loss(honest, truth), abs=0.02)


def test_both_ways_of_calibration_keep_what_is_honest():
    honest, truth = honest_and_truth(3000, 6)
    for fit in (platt, isotonic):
        assert log_loss(fit(honest, truth)(honest), truth) == pytest.approx(log_loss(honest, truth), abs=0.03)


@pytest.mark.parametrize("power", [0.3, 1, 3])
def test_temperature_and_biases_are_those_that_scipy_finds(power):
    honest, truth = honest_and_truth(500, 8)
    given = np.log(honest**power / (honest**power).sum(axis=1, keepdims=True))

    def told(parameters):
        return special.softmax(parameters[0] * given + np.array([0, *parameters[1:]]), axis=1)

    best = optimize.minimize(lambda x: log_loss(told(x), truth), [1, 0, 0], method="Nelder-Mead", tol=1e-9).x
    assert platt(np.exp(given), truth)(np.exp(given)) == pytest.approx(told(best), abs=1e-4)


def test_a_class_that_never_happened_is_told_as_hardly_likely():
    honest, truth = honest_and_truth(500, 9)
    found = calibrated(honest, np.minimum(truth, 1))(honest)
    assert np.isfinite(found).all()
    assert found[:, 2].max() < 0.01


def test_overlapping_errors_are_weighted_by_bartlett():
    x = np.array([1.0, -1, 2, -2, 0])
    assert long_run([x], 1) == 2
    assert long_run([x], 2) == pytest.approx(2 + 2 * 0.5 * (-1 - 2 - 4) / 5)


@pytest.mark.parametrize("horizon", [1, 5, 30])
def test_a_comparison_is_that_of_statsmodels(horizon):
    gains = np.convolve(np.random.default_rng(3).normal(0.1, 1, 400), np.ones(5))
    kind = {"cov_type": "HAC", "cov_kwds": {"maxlags": horizon - 1, "kernel": "bartlett"}}
    fitted = sm.OLS(gains, np.ones(len(gains))).fit(**kind)
    found = diebold_mariano([gains], horizon)
    assert found.statistic == pytest.approx(fitted.tvalues[0])
    assert found.p == pytest.approx(fitted.pvalues[0])
    assert np.isnan(diebold_mariano([np.zeros(9)], 3).p)
