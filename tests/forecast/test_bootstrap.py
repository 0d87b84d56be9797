import numpy as np
import pytest

from lakeflow.forecast import bootstrap
from lakeflow.forecast.draws import Stream, order_statistics
from lakeflow.forecast.resample import Wanted, redrawn
from lakeflow.forecast.sample import sample


def test_the_stream_is_philox_on_every_machine():
    first = [13110942529627548125, 6063980253595232256, 5054133765965117267, 9414924889769719195]
    assert Stream(20260101).raw(4).tolist() == first


@pytest.mark.parametrize("clusters", [1, 50, 2**31 - 1])
def test_a_word_picks_its_cluster_by_the_upper_half_of_a_product(clusters):
    words = Stream(1).raw(1000)
    counts = np.zeros((1, min(clusters, 50)), np.int32)
    if clusters <= 50:
        bootstrap._count(words[:clusters], np.uint64(clusters), counts)
        picked = [int(word) * clusters >> 64 for word in words[:clusters].tolist()]
        assert counts[0].tolist() == np.bincount(picked, minlength=clusters).tolist()
    low, half = 0xFFFFFFFF, 32
    for word in words.tolist():
        by_halves = ((word >> half) * clusters + ((word & low) * clusters >> half)) >> half
        assert by_halves == word * clusters >> 64


def test_every_draw_has_as_many_clusters_whatever_the_block(monkeypatch):
    whole = np.concatenate(list(bootstrap.drawn(70, 30, 5)))
    monkeypatch.setattr(bootstrap, "CHUNK", 200)
    assert np.array_equal(np.concatenate(list(bootstrap.drawn(70, 30, 5))), whole)
    assert (whole.sum(axis=1) == 70).all()


def test_uniforms_lie_in_the_unit_interval():
    found = Stream(2).uniform(10_000)
    assert 0 <= found.min() < 0.001
    assert 0.999 < found.max() < 1
    assert found.mean() == pytest.approx(0.5, abs=0.01)


def test_bounds_are_order_statistics():
    draws = np.arange(1000.0)[::-1]
    assert order_statistics(draws) == (24.0, 974.0)  # the 25th and the 975th
    assert order_statistics(np.array([3.0])) == (3.0, 3.0)
    with pytest.raises(ValueError, match="one draw or more"):
        order_statistics(np.zeros(0))


def test_redrawn_figures_are_those_of_the_redrawn_rows(noisy):
    p, y, cluster = noisy(200)
    rows = sample(p, y, cluster=cluster)
    found = redrawn(rows, 20, 7, Wanted(statistics=[bootstrap.mean_error(rows)]))
    brier, error = found.parts[0].score, found.others[0]
    counts = np.concatenate(list(bootstrap.drawn(rows.clusters, 20, 7)))
    for draw in range(20):
        again = np.repeat(np.arange(200), counts[draw][rows.cluster])
        assert brier[draw] == pytest.approx(((rows.p - rows.y) ** 2)[again].mean(), rel=1e-12)
        assert error[draw] == pytest.approx((rows.p - rows.y)[again].mean(), rel=1e-12, abs=1e-15)


def test_clustered_intervals_cover_what_naive_ones_miss():
    random, covered, naive = np.random.default_rng(8), 0, 0
    for seed in range(60):
        truth = random.random(150)
        p, y = np.repeat(truth, 20), np.repeat(random.random(150) < truth, 20)
        for own in (True, False):
            rows = sample(p, y, cluster=np.repeat(np.arange(150), 20) if own else None)
            (errors,) = redrawn(rows, 200, seed, Wanted(statistics=[bootstrap.mean_error(rows)])).others
            low, high = bootstrap.interval(errors)
            covered += own and low <= 0 <= high
            naive += (not own) and low <= 0 <= high
    assert covered >= 52
    assert naive <= 35


def test_draws_without_the_figure_are_left_out():
    assert bootstrap.interval(np.array([np.nan, 1.0, np.nan])) == (1.0, 1.0)
    assert bootstrap.interval(np.array([np.nan])) is None
