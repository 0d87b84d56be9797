import warnings

import numpy as np
import pytest
from scipy.stats import norm

from lakeflow.forecast import smooth
from lakeflow.forecast.sample import sample


def by_images(p, y, sigma: float, points: int = 4000) -> float:
    """The same integral by the definition: a Gaussian and its images behind the walls, point by point."""
    t = (np.arange(points) + 0.5) / points
    images = sum(norm.pdf(t[:, None], sign * p + 2 * k, sigma) for k in range(-3, 4) for sign in (1, -1))
    return float(np.abs((images * (y - p)).mean(axis=1)).mean())


@pytest.mark.parametrize("sigma", [0.02, 0.1, 0.5])
def test_the_smoothed_error_is_the_integral_of_its_definition(sigma, noisy):
    p, y, _ = noisy(80)
    waves = smooth._waves(smooth._on_mesh(sample(p, y), smooth.CELLS))
    assert smooth.smoothed_error(waves, sigma) == pytest.approx(by_images(p, y, sigma), abs=1e-6)


def test_the_error_is_the_width_that_shows_it(noisy):
    p, y, _ = noisy(200)
    found = smooth.smooth_ece(sample(p, y))
    assert by_images(p, y, found) == pytest.approx(found, abs=1e-6)


def test_it_is_that_of_relplot_but_for_its_coarse_search(noisy, off_grid):
    import relplot

    for p, y, _ in (off_grid, noisy(500)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            said = relplot.smECE(p, y)
        assert smooth.smooth_ece(sample(p, y)) == pytest.approx(said, abs=1e-3)


def test_a_finer_mesh_tells_the_same(golden):
    rows = sample(golden.p, golden.y)
    assert smooth.smooth_ece(rows) == pytest.approx(smooth.smooth_ece(rows, 16_384), abs=1e-6)


def test_forecasts_that_are_right_have_no_error():
    assert smooth.smooth_ece(sample([0.0, 1.0], [0, 1])) == pytest.approx(0, abs=1e-9)
    assert smooth.smooth_ece(sample([], [])) is None
