"""Samples that several tests measure: the two golden sets by their closed forms, and noise of any size."""

from typing import NamedTuple

import numpy as np
import pytest


class Rows(NamedTuple):
    """Forecasts, outcomes and clusters as plain arrays, as an oracle wants them."""

    p: np.ndarray
    y: np.ndarray
    cluster: np.ndarray


def closed_form(*, on_ticks: bool) -> Rows:
    i = np.arange(400)
    k = (37 * i + 11) % 101
    u = ((53 * i * i + 17 * i + 29) % 997) / 997
    inside = np.clip(k / 100, 0.005, 0.995)
    z = 0.25 + 0.8 * np.log(inside / (1 - inside))
    return Rows(k / 100 if on_ticks else (k + 0.5) / 101, (u < 1 / (1 + np.exp(-z))).astype(float), i // 8)


@pytest.fixture
def golden():
    """Golden 2: 400 rows in 50 clusters, on the tick grid, with forecasts of exactly 0 and 1."""
    return closed_form(on_ticks=True)


@pytest.fixture
def off_grid():
    """Its twin strictly between 0 and 1."""
    return closed_form(on_ticks=False)


@pytest.fixture
def noisy():
    """Forecasts on a grid of ticks whose outcomes come by something else."""

    def draw(rows: int, seed: int = 1, ticks: int = 100) -> Rows:
        random = np.random.default_rng(seed)
        p = random.integers(0, ticks + 1, rows) / ticks
        y = (random.random(rows) < 0.2 + 0.6 * p).astype(float)
        return Rows(p, y, random.integers(0, max(rows // 5, 1), rows))

    return draw
