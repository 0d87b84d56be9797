"""Whether the interval of the calibration error keeps its promise: it covers 0 of calibrated markets, and not of others."""

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import binom

from lakeflow.forecast.figures import figures
from lakeflow.forecast.sample import sample

EVENTS, LOOKS, RUNGS = 100, 8, np.array([-1.0, 0.0, 1.0])
PROMISED = 0.93


def markets(random, bend=1.0):
    """A hidden walk an event, three markets on where it ends, each priced eight times at its true chance by then.

    So each price is calibrated, and no two of an event are independent. A bend draws the prices away from their truth.
    """
    steps = random.standard_normal((EVENTS, LOOKS)).cumsum(axis=1)
    known, end = np.c_[np.zeros(EVENTS), steps[:, :-1]], steps[:, -1]
    left = np.sqrt(LOOKS - np.arange(LOOKS))
    z = (known[..., None] - RUNGS * np.sqrt(LOOKS)) / left[:, None]
    y = np.broadcast_to((end[:, None] > RUNGS * np.sqrt(LOOKS))[:, None, :], z.shape)
    event = np.broadcast_to(np.arange(EVENTS)[:, None, None], z.shape)
    return np.round(ndtr(bend * z), 2).ravel(), y.ravel(), event.ravel()


def covering(simulations: int, bend=1.0) -> float:
    """The share of simulations whose interval, as the metric table has it, covers 0."""
    random, covered = np.random.default_rng(3), 0
    for seed in range(simulations):
        p, y, event = markets(random, bend)
        found = {each.metric: each for each in figures(sample(p, y, cluster=event), 400, seed)}
        error = found["ece_squared_clustered_mass15"]
        covered += error.low <= 0 <= error.high
    return covered / simulations


def test_the_markets_of_the_simulation_are_calibrated_and_clustered():
    random = np.random.default_rng(5)
    p, y, _ = (np.concatenate(each) for each in zip(*(markets(random) for _ in range(300)), strict=True))
    inside = (p > 0.3) & (p < 0.4)
    assert y[inside].mean() == pytest.approx(p[inside].mean(), abs=0.01)
    gap = (y - p).reshape(-1, LOOKS * RUNGS.size)  # a row an event
    assert gap.mean(axis=1).var() > 5 * (y - p).var() / gap.shape[1]  # independent rows would have 1


def test_the_interval_of_the_calibration_error_covers_0_of_calibrated_markets():
    fewest = binom.ppf(
        0.025, 60, PROMISED
    )  # an interval that keeps the promise covers less often once in 40 tests
    assert covering(60) * 60 >= fewest == 52


@pytest.mark.soak
def test_the_interval_covers_0_in_93_of_100_over_500_simulations():
    assert covering(500) >= PROMISED


def test_an_interval_that_covers_0_is_not_for_nothing():
    assert covering(20, bend=0.5) == 0
