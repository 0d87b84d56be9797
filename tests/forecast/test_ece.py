from itertools import pairwise

import numpy as np
import pytest

from lakeflow.forecast import ece
from lakeflow.forecast.bins import by_mass, by_width, equal_mass, fill
from lakeflow.forecast.clustered import ece_squared_clustered
from lakeflow.forecast.sample import sample


def calibrated(random, rows: int):
    p = random.random(rows)
    return sample(p, random.random(rows) < p)


def test_the_debiased_error_is_that_of_uncertainty_calibration(noisy):
    from calibration import utils as oracle

    p, y, _ = noisy(900)
    rows = sample(p, y)
    bin_of = dict(zip(rows.knots, equal_mass(rows), strict=True))
    held = {b: [(a, c) for a, c in zip(p, y, strict=True) if bin_of[a] == b] for b in set(bin_of.values())}
    found = ece.ece_squared_debiased(by_mass(rows))
    assert found == pytest.approx(oracle.unbiased_square_ce(list(held.values())), abs=1e-13)


def test_the_plain_errors_are_those_of_uncertainty_calibration(noisy):
    from calibration import utils as oracle

    p, y, _ = noisy(900)
    rows = sample(p, y)
    held = [list(zip(p[p == knot], y[p == knot], strict=True)) for knot in rows.knots]
    alone = fill(rows, np.arange(rows.knots.size))
    assert ece.ece(alone) == pytest.approx(oracle.plugin_ce(held, power=1), abs=1e-13)
    assert ece.ece_squared(alone) == pytest.approx(oracle.plugin_ce(held, power=2) ** 2, abs=1e-13)


def test_equal_forecasts_err_by_their_distance_from_the_rate():
    rows = sample([0.7] * 4, [1, 0, 0, 0])
    assert ece.ece(by_width(rows)) == pytest.approx(0.45)
    assert ece.ece_sweep(rows) == pytest.approx(0.45)


def test_the_plain_error_grows_as_rows_get_fewer_and_the_debiased_one_does_not():
    random = np.random.default_rng(1)
    few, many = ([calibrated(random, rows) for _ in range(300)] for rows in (100, 2000))
    assert np.mean([ece.ece(by_width(each)) for each in few]) > 0.08
    assert np.mean([ece.ece(by_width(each)) for each in many]) < 0.03
    debiased = [ece.ece_squared_debiased(by_mass(each)) for each in few]
    assert np.mean(debiased) == pytest.approx(0, abs=0.002)


def test_dollars_of_unequal_weight_do_not_pass_for_as_many_rows():
    random, found = np.random.default_rng(6), []
    for _ in range(300):
        p = random.random(150)
        found.append(sample(p, random.random(150) < p, random.exponential(1, 150) ** 2))
    debiased = [ece.ece_squared_debiased(by_mass(each)) for each in found]
    assert np.mean(debiased) == pytest.approx(0, abs=3 * np.std(debiased) / np.sqrt(300))
    plain = [ece.ece_squared(by_mass(each)) for each in found]
    assert np.mean(plain) > 5 * abs(np.mean(debiased))


def test_a_bin_of_one_row_adds_nothing_to_the_debiased_error():
    rows = sample([0.05, 0.95, 0.95], [1, 1, 0])
    assert ece.ece_squared_debiased(by_width(rows)) == pytest.approx(2 / 3 * (0.45**2 - 0.25))


def test_the_largest_error_asks_for_thirty_rows():
    rows = sample([0.1] * 30 + [0.9] * 29, [0] * 59)
    assert ece.mce(by_width(rows)) == pytest.approx(0.1)
    assert ece.mce(by_width(rows), fewest_rows=1) == pytest.approx(0.9)
    assert ece.mce(by_width(sample([0.5], [1]))) is None


def sweep_by_words(rows) -> float:
    """Roelofs et al., one bin more at a time until the rates fall: a knot is in the bin where its mass begins or ends."""
    mass, best = np.cumsum(rows.mass), 0.0
    for count in range(1, 1001):
        ends = [int(np.searchsorted(mass, mass[-1] * (k / count))) + 1 for k in range(1, count)]
        parts = np.split(np.arange(rows.knots.size), np.unique([e for e in ends if e < rows.knots.size]))
        parts = [part for part in parts if part.size]
        rates = [rows.hits[part].sum() / rows.mass[part].sum() for part in parts]
        if any(b < a for a, b in pairwise(rates)):
            return best
        gaps = [abs((rows.mass * rows.knots - rows.hits)[part].sum()) for part in parts]
        best = sum(gaps) / mass[-1]
        if len(parts) == rows.knots.size:
            return best
    return best


@pytest.mark.parametrize("seed", range(8))
def test_the_sweep_is_the_one_of_the_paper_word_by_word(seed, noisy):
    p, y, _ = noisy(300, seed=seed, ticks=50)
    rows = sample(p, y)
    assert ece.ece_sweep(rows) == pytest.approx(sweep_by_words(rows), abs=1e-13)


def test_the_sweep_of_forecasts_in_perfect_order_uses_every_knot():
    rows = sample([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])
    assert ece.ece_sweep(rows) == pytest.approx(0.15)


def test_twenty_prices_of_a_market_do_not_pass_for_twenty_markets():
    random = np.random.default_rng(2)
    naive, robust = [], []
    for _ in range(100):
        p = np.repeat(random.random(150), 20)
        y = np.repeat(random.random(150), 20) < p
        rows = sample(p, y, cluster=np.repeat(np.arange(150), 20))
        naive.append(ece.ece_squared_debiased(by_mass(rows)))
        robust.append(ece_squared_clustered(rows))
    assert np.mean(naive) > 0.015
    assert np.mean(robust) == pytest.approx(0, abs=0.003)


def test_no_rows_have_no_error():
    none = sample([], [])
    assert ece.ece(by_width(none)) is ece.ece_squared_debiased(by_mass(none)) is ece.ece_sweep(none) is None
    assert ece_squared_clustered(none) is None


def test_bins_that_ties_leave_empty_add_nothing_to_the_clustered_error():
    few = sample([0.2, 0.7, 0.9, 0.4] * 10, [0, 1, 1, 0] * 10)
    found = ece_squared_clustered(few)
    assert found is not None
    assert np.isfinite(found)
