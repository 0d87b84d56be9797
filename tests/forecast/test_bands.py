import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression

from lakeflow.forecast import bands, resample, scores
from lakeflow.forecast.bootstrap import drawn
from lakeflow.forecast.corp import decompose
from lakeflow.forecast.discrimination import auc
from lakeflow.forecast.draws import Stream
from lakeflow.forecast.figures import figures, redraws
from lakeflow.forecast.isotonic import curve
from lakeflow.forecast.resample import Wanted
from lakeflow.forecast.sample import sample


def test_each_draw_has_the_parts_auc_and_curve_of_its_rows(noisy):
    p, y, cluster = noisy(300)
    rows = sample(p, y, cluster=cluster)
    both = (scores.quadratic, scores.logarithmic)
    found = resample.redrawn(rows, 12, 3, Wanted(both, at=np.arange(rows.knots.size)))
    counts = np.concatenate(list(drawn(rows.clusters, 12, 3)))
    for draw in range(12):
        again = np.repeat(np.arange(300), counts[draw][rows.cluster])
        slow = sample(rows.p[again], rows.y[again])
        for score, parts in zip(both, found.parts, strict=True):
            assert [each[draw] for each in parts] == pytest.approx(decompose(slow, score), abs=1e-12)
        assert found.auc[draw] == pytest.approx(auc(slow), rel=1e-12)
        at = np.searchsorted(rows.knots, slow.knots)
        assert found.curves[draw][at] == pytest.approx(curve(slow).x, abs=1e-12)


def consistency_band(rows, draws, seed):
    return bands.consistency_band(rows, redraws(rows, draws, seed).calibrated)


def confidence_band(rows, draws, seed):
    return bands.confidence_band(rows, redraws(rows, draws, seed).again, draws, seed)


def test_the_consistency_band_is_that_of_curves_drawn_one_by_one(golden):
    rows = sample(golden.p, golden.y, cluster=golden.cluster)
    uniform = Stream(5).uniform(40 * rows.clusters).reshape(40, rows.clusters)
    drawn = (uniform[:, rows.cluster] < rows.p).astype(float)
    curves = np.sort([IsotonicRegression().fit(rows.p, y).predict(rows.knots) for y in drawn], axis=0)
    found = consistency_band(rows, 40, 5)
    assert found.low == pytest.approx(curves[0], abs=1e-12)  # ceil(.025 x 40) = 1
    assert found.high == pytest.approx(curves[38], abs=1e-12)


def test_blocks_of_draws_change_nothing(monkeypatch, golden):
    rows = sample(golden.p, golden.y, cluster=golden.cluster)
    whole = resample.by_chance(rows, rows.knots, 20, 1)
    monkeypatch.setattr(resample, "BLOCK", 500)
    parts = resample.by_chance(rows, rows.knots, 20, 1)
    assert parts.parts[0].mcb.tobytes() == whole.parts[0].mcb.tobytes()


def test_the_consistency_band_holds_the_curve_of_calibrated_forecasts():
    random = np.random.default_rng(1)
    p = random.integers(1, 20, 3000) / 20
    rows = sample(p, random.random(3000) < p)
    band, x = consistency_band(rows, 300, 2), curve(rows).x
    assert np.mean((band.low <= x) & (x <= band.high)) >= 0.85
    assert ((band.low <= rows.knots) & (rows.knots <= band.high)).all()


def test_the_consistency_band_of_one_forecast_is_binomial():
    from scipy.stats import binom

    rows = sample([0.3] * 100, [1] * 30 + [0] * 70)
    band = consistency_band(rows, 4000, 3)
    assert (band.low[0] * 100, band.high[0] * 100) == pytest.approx(binom.interval(0.95, 100, 0.3), abs=1)


def test_the_confidence_band_holds_the_true_curve():
    random = np.random.default_rng(4)
    p = random.integers(2, 19, 4000) / 20
    rows = sample(p, random.random(4000) < p**2)
    band = confidence_band(rows, 300, 5)
    assert np.mean((band.low <= band.p**2) & (band.p**2 <= band.high)) >= 0.8
    assert (band.high < band.p).mean() > 0.5  # and tells it from the diagonal


def test_clusters_widen_both_bands():
    random = np.random.default_rng(6)
    p = np.repeat(random.integers(1, 10, 100) / 10, 10)
    y = np.repeat(random.random(100), 10) < p
    alone, together = sample(p, y), sample(p, y, cluster=np.repeat(np.arange(100), 10))
    for band in (consistency_band, confidence_band):
        narrow, wide = band(alone, 200, 1), band(together, 200, 1)
        assert (wide.high - wide.low).mean() > 2 * (narrow.high - narrow.low).mean()


def test_miscalibration_is_never_nothing_and_the_null_says_how_much():
    random = np.random.default_rng(7)
    p = random.random(400)
    good, bad = sample(p, random.random(400) < p), sample(p, random.random(400) < p**3)
    told = [{each.metric: each.value for each in figures(rows, 300, 1)} for rows in (good, bad)]
    assert told[0]["brier_mcb_null_mean"] == pytest.approx(decompose(good).mcb, abs=0.01)
    assert told[0]["brier_mcb_p_value"] > 0.05
    assert told[1]["brier_mcb_p_value"] == told[1]["log_loss_mcb_p_value"] == 1 / 301


def test_the_p_value_of_calibrated_forecasts_is_uniform_enough():
    random, found = np.random.default_rng(8), []
    for seed in range(100):
        p = random.random(100)
        rows = sample(p, random.random(100) < p)
        chance = redraws(rows, 99, seed).calibrated.parts[0]
        found.append(bands.null(decompose(rows).mcb, chance.mcb).p_value)
    assert np.mean(found) == pytest.approx(0.5, abs=0.1)
    assert np.mean(np.array(found) <= 0.1) <= 0.2


def test_a_long_curve_is_banded_at_quantiles_and_both_ends(noisy):
    p, y, _ = noisy(3000, ticks=100_000)
    rows = sample(p, y)
    band = consistency_band(rows, 20, 1)
    assert band.p.size <= bands.POINTS
    assert (band.p[0], band.p[-1]) == (rows.knots[0], rows.knots[-1])


def test_shuffled_outcomes_do_not_discriminate_beyond_chance(noisy):
    p, y, _ = noisy(500)
    rows = sample(p, np.random.default_rng(9).permutation(y))
    flat = np.full(rows.knots.size, rows.base_rate)
    chance = resample.by_chance(rows, flat, 300, 1).parts[0].dsc
    assert decompose(rows).dsc <= np.quantile(chance, 0.99)
