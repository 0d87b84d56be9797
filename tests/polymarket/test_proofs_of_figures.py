"""Proofs that figures do not depend on how a question is written down, on rows that say the same again, nor see skill where there is none."""

import numpy as np
import polars as pl
import pytest

from lakeflow.forecast.corp import decompose
from lakeflow.forecast.figures import figures
from lakeflow.forecast.resample import Wanted, by_chance
from lakeflow.forecast.sample import sample
from lakeflow.forecast.scores import logarithmic, quadratic

ROWS = 600
OF_ROWS = {  # a figure that takes rows for independent, and what eight of each make of it
    "spiegelhalter_z": lambda value: value * 8**0.5,
    "certain_wrong": lambda value: value * 8,
    "ece_squared_debiased_mass15": None,  # it is less by the noise of a bin's rows
}


def test_f_swapping_the_outcomes_of_every_market_keeps_the_brier_score():
    p, y = [0.2, 0.7, 0.9, 0.4], [0, 1, 1, 1]
    straight = {f.metric: f.value for f in figures(sample(p, y), 20, 1, fewest_clusters=1)}
    swapped = {
        f.metric: f.value
        for f in figures(sample([1 - each for each in p], [1 - each for each in y]), 20, 1, fewest_clusters=1)
    }
    assert swapped["brier"] == pytest.approx(straight["brier"], abs=1e-15)


def test_g_repeating_every_row_in_its_cluster_changes_no_figure_but_those_that_count_rows():
    p, y, cluster = (
        [(37 * i + 11) % 101 / 100 for i in range(ROWS)],
        [i * i % 7 % 2 for i in range(ROWS)],
        [i // 4 for i in range(ROWS)],
    )
    once = figures(sample(p, y, None, cluster), 50, 1)
    often = figures(sample(p * 8, y * 8, None, cluster * 8), 50, 1)
    assert [(f.metric, f.method, f.status) for f in often] == [(f.metric, f.method, f.status) for f in once]
    assert {f.status for f in once} == {"OK"}
    for mine, theirs in zip(once, often, strict=True):
        own = OF_ROWS.get(mine.metric, lambda value: value)
        if own:
            expected = (own(mine.value), mine.low, mine.high)
            assert (theirs.value, theirs.low, theirs.high) == pytest.approx(expected, abs=1e-10), mine.metric


def calibrated(many):
    """Forecasts, and outcomes that come true by them."""
    draw = np.random.Generator(np.random.Philox(20260101)).random(many)
    p = (37 * np.arange(many) + 11) % 101 / 100
    return p, (draw < p).astype(int)


def of_nothing(rows, score):
    """What discrimination is by luck where outcomes have nothing to do with forecasts: the level that one draw of twenty passes."""
    flat = np.full(rows.knots.size, rows.base_rate)
    drawn = by_chance(rows, flat, 400, 7, Wanted(scores=[score])).parts[0].dsc
    return float(np.sort(drawn)[380 - 1])


@pytest.mark.parametrize("score", [quadratic, logarithmic])
def test_h_shuffled_labels_are_not_discriminated_beyond_luck(score):
    """DSC is never 0: a curve that may rise finds some rise in anything. What counts is how often it passes what luck makes."""
    p, y = calibrated(1_000)
    rng = np.random.Generator(np.random.Philox(1))
    luck = of_nothing(sample(p, y), score)
    found = [decompose(sample(p, rng.permutation(y)), score).dsc for _ in range(200)]
    assert np.mean(found) > 0
    assert (
        sum(dsc > luck for dsc in found) <= 20
    )  # of 200, ten are expected; one set of labels in a thousand has more
    assert decompose(sample(p, y), score).dsc > 10 * luck


def test_h_shuffled_labels_of_the_venue_are_not_discriminated_beyond_luck(kept):
    """Whole questions change labels with one another: rows of one market stay of one label."""
    scored = pl.concat(day["scored"] for day in kept.days).filter(
        pl.col("forecaster") == "MARKET", pl.col("anchor") == "SCHED_END", pl.col("horizon_s") == 3600
    )
    p, y = scored["p"].to_numpy() / 1e6, scored["y"].to_numpy()
    rng = np.random.Generator(np.random.Philox(2))
    luck = of_nothing(sample(p, y), quadratic)
    found = [decompose(sample(p, rng.permutation(y))).dsc for _ in range(200)]
    assert scored["condition_id"].n_unique() == scored.height > 10
    assert sum(dsc > luck for dsc in found) <= 20
    assert decompose(sample(p, y)).dsc > luck
