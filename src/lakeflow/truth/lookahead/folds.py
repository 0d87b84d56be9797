"""Which sessions train, calibrate and test, and which rows are purged so that no label reaches into a test."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Ints


class Fold(NamedTuple):
    """Places of sessions, each part oldest first."""

    train: Sequence[int]
    calibration: Sequence[int]
    test: Sequence[int]


class Walk(NamedTuple):
    """How many sessions each part has. `embargo` sessions are left out before the test's, for overnight features."""

    train: int = 15
    least: int = 10
    calibration: int = 1
    test: int = 1
    embargo: int = 0


class Choices(NamedTuple):
    """Of so many groups of sessions each choice of `tests` is a test, and what is left trains: for choosing a model."""

    groups: int = 6
    tests: int = 2
    calibration: int = 1
    embargo: int = 0


def folds(sessions: int, rule: Walk | Choices) -> Iterator[Fold]:
    """Walked forward all of train is before calibration, and all of that before the test."""
    return walked(sessions, rule) if isinstance(rule, Walk) else chosen(sessions, rule)


def walked(sessions: int, walk: Walk) -> Iterator[Fold]:
    """One after another, each a test later; a train of fewer than `least` sessions is no fold."""
    for start in range(walk.least + walk.calibration + walk.embargo, sessions - walk.test + 1, walk.test):
        calibration = range(start - walk.embargo - walk.calibration, start - walk.embargo)
        yield Fold(
            range(max(0, calibration.start - walk.train), calibration.start),
            calibration,
            range(start, start + walk.test),
        )


def chosen(sessions: int, rule: Choices) -> Iterator[Fold]:
    """The last sessions that are not tested calibrate, earlier ones or not; under one for each group there is no fold."""
    if sessions < rule.groups:
        return
    for left, tests in combinatorial(sessions, rule.groups, rule.tests, (0, rule.embargo)):
        cut = len(left) - rule.calibration
        if cut > 0:
            yield Fold(left[:cut].tolist(), left[cut:].tolist(), tests.tolist())


def kept(at: Ints, test: tuple[int, int], horizon: int, embargo: int) -> Bools:
    """Rows, each `at` its second, whose label ends before the test from `test[0]` up to `test[1]`, or that begin well after it."""
    return np.asarray((at + horizon < test[0]) | (at >= test[1] + horizon + embargo))


def combinatorial(rows: int, groups: int, tests: int, gap: tuple[int, int]) -> Iterator[tuple[Ints, Ints]]:
    """Train and test of every choice of `tests` groups out of `groups`, purged by `gap`, (horizon, embargo)."""
    edges = np.linspace(0, rows, groups + 1).astype(np.int64)
    blocks = [(int(a), int(b)) for a, b in pairwise(edges)]
    places = np.arange(rows)
    for these in combinations(blocks, tests):
        left = np.logical_and.reduce([kept(places, block, *gap) for block in these])
        yield places[left], np.concatenate([np.arange(*block) for block in these])
