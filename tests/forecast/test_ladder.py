import warnings

import numpy as np
import pytest
from scipy.stats import kstest
from sklearn.metrics import brier_score_loss, log_loss

from lakeflow.forecast import ladder


def test_a_ladder_scored_by_hand():
    one = ladder.groups([0.1, 0.3, 0.4, 0.2], [0], [2])
    assert ladder.rps(one) == pytest.approx([0.21])
    assert ladder.rps_normalised(one) == pytest.approx([0.07])
    assert ladder.multi_brier(one) == pytest.approx([0.50])
    assert ladder.log_score(one) == pytest.approx([-np.log(0.4)])


def test_groups_of_any_size_stand_in_one_array():
    both = ladder.groups([0.5, 0.5, 0.1, 0.3, 0.4, 0.2, 1.0], [0, 2, 6], [1, 2, 0])
    assert ladder.rps(both) == pytest.approx([0.25, 0.21, 0])
    assert ladder.rps_normalised(both) == pytest.approx([0.25, 0.07, 0])
    assert ladder.cumulative(both) == pytest.approx([0.5, 1, 0.1, 0.4, 0.8, 1, 1])


def test_prices_are_brought_to_a_sum_of_one_and_their_overround_is_told():
    found = ladder.groups([0.6, 0.3, 0.3], [0], [0])
    assert found.overround == pytest.approx([1.2])
    assert found.p == pytest.approx([0.5, 0.25, 0.25])


@pytest.fixture
def draws():
    """Fifty groups of six, and who won."""
    p = np.random.default_rng(1).dirichlet(np.ones(6), 50)
    return p, np.random.default_rng(2).integers(0, 6, 50)


def test_rps_is_that_of_scoringrules(draws):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import scoringrules as oracle
    p, won = draws
    found = ladder.groups(p.ravel(), np.arange(50) * 6, won)
    said = np.array([oracle.rps_score(w + 1, f) for w, f in zip(won, p, strict=True)], float)
    assert ladder.rps(found) == pytest.approx(said.ravel(), abs=1e-12)


def test_the_scores_of_groups_are_those_of_scikit_learn(draws):
    p, won = draws
    found = ladder.groups(p.ravel(), np.arange(50) * 6, won)
    brier = brier_score_loss(won, p, labels=range(6), scale_by_half=False)
    assert ladder.multi_brier(found).mean() == pytest.approx(brier, rel=1e-12)
    assert ladder.log_score(found).mean() == pytest.approx(log_loss(won, p, labels=range(6)), rel=1e-12)


def test_the_pit_of_calibrated_ladders_is_uniform():
    random = np.random.default_rng(3)
    p = random.dirichlet(np.ones(5), 2000)
    won = (random.random(2000)[:, None] > p.cumsum(axis=1)).sum(axis=1)
    found = ladder.pit(ladder.groups(p.ravel(), np.arange(2000) * 5, won), seed=4)
    assert kstest(found, "uniform").pvalue > 0.01
    assert ((found >= 0) & (found <= 1)).all()


def test_the_pit_comes_from_its_seed():
    each = ladder.groups([0.5, 0.5] * 3, [0, 2, 4], [0, 1, 0])
    assert ladder.pit(each, 1).tolist() == ladder.pit(each, 1).tolist() != ladder.pit(each, 2).tolist()


def test_chances_above_thresholds_are_chances_between_them():
    assert ladder.rungs([0.9, 0.5, 0.2]) == pytest.approx([0.1, 0.4, 0.3, 0.2])


def test_thresholds_priced_out_of_order_make_no_negative_chance():
    found = ladder.rungs([0.8, 0.4, 0.5, 0.1])
    assert found == pytest.approx([0.2, 0.35, 0, 0.35, 0.1])


@pytest.mark.parametrize(
    ("p", "starts", "winner", "said"),
    [
        ([0.5, 0.5], [0], [2], "winners are places within their groups"),
        ([0.5, -0.5], [0], [0], "chances are finite and not below 0"),
        ([0.5, 0.5], [1], [0], "groups begin at 0"),
        ([0.0, 0.0], [0], [0], "group 0: all its chances are 0"),
    ],
)
def test_groups_that_cannot_be_are_refused(p, starts, winner, said):
    with pytest.raises(ValueError, match=said):
        ladder.groups(p, starts, winner)


def test_no_groups_have_no_scores():
    none = ladder.groups([], [], [])
    assert ladder.multi_brier(none).size == ladder.rps(none).size == ladder.pit(none, 1).size == 0
