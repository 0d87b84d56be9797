"""Which sessions train, calibrate and test, and which rows are purged so that no label reaches into a test."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Ints


class Fold(NamedTuple):
    """Places of sessions, oldest first: all of train before calibration, all of that before test."""

    train: range
    calibration: range
    test: range


class Walk(NamedTuple):
    """How many sessions each part has. `embargo` sessions are left out before the test's, for overnight features."""

    train: int = 15
    least: int = 10
    calibration: int = 1
    test: int = 1
    embargo: int = 0


def folds(sessions: int, walk: Walk) -> Iterator[Fold]:
    """One after another, each a test later; a train of fewer than `least` sessions is no fold."""
    for start in range(walk.least + walk.calibration + walk.embargo, sessions - walk.test + 1, walk.test):
        calibration = range(start - walk.embargo - walk.calibration, start - walk.embargo)
        yield Fold(
            range(max(0, calibration.start - walk.train), calibration.start),
            calibration,
            range(start, start + walk.test),
        )


def purged(rows: int, test: range, horizon: int, embargo: int) -> Ints:
    """Rows to train on around a test: their labels end before it, or they begin after its labels and the embargo."""
    places = np.arange(rows)
    return places[(places + horizon < test.start) | (places >= test.stop + horizon + embargo)]


def combinatorial(rows: int, groups: int, tests: int, gap: tuple[int, int]) -> Iterator[tuple[Ints, Ints]]:
    """Train and test of every choice of `tests` groups out of `groups`, purged by `gap`, (horizon, embargo)."""
    edges = np.linspace(0, rows, groups + 1).astype(np.int64)
    blocks = [range(int(a), int(b)) for a, b in pairwise(edges)]
    for chosen in combinations(blocks, tests):
        kept = [set(purged(rows, block, *gap).tolist()) for block in chosen]
        yield (
            np.array(sorted(set.intersection(*kept)), np.int64),
            np.concatenate([np.array(block) for block in chosen]),
        )
