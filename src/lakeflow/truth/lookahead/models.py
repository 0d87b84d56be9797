"""Five forecasts, from none to boosted trees. Each learns of days what all horizons share, and then one horizon at a time."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from lakeflow.truth.arrays import Floats
from lakeflow.truth.lookahead.days import Day, joined, thinned
from lakeflow.truth.lookahead.ridge import ridge

CLIP = 8.0  # ticks a second
SPARSE = 20  # trees see every twentieth second: those between look alike, and cost as much


class Task(NamedTuple):
    """A horizon in seconds and its column of the labels."""

    seconds: int
    column: int


Forecast: TypeAlias = Callable[[Day], Floats]
Fit: TypeAlias = Callable[[Task], Forecast]
Learn: TypeAlias = Callable[[Sequence[Day]], Fit]


def zero(_days: Sequence[Day]) -> Fit:
    """M0: nothing changes."""
    return lambda _task: lambda day: np.zeros(len(day.change))


def autoregressive(days: Sequence[Day]) -> Fit:
    """M1: the last change and the microprice."""

    def inputs(day: Day) -> Floats:
        return np.nan_to_num(np.column_stack([np.ones(len(day.change)), day.change, day.gap]))

    x = np.concatenate([inputs(day) for day in days])

    def fit(task: Task) -> Forecast:
        y = np.concatenate([day.labels[:, task.column] for day in days])
        known = ~np.isnan(y)
        weights = np.linalg.lstsq(x[known], y[known], rcond=None)[0]
        return lambda day: np.asarray(inputs(day) @ weights)

    return fit


class BetaGamma(NamedTuple):
    """`a` and `b` are what was fitted; `beta` and `gamma` what is used of it: nothing where it has the wrong sign."""

    a: float
    b: float
    pairs: int = 0

    @property
    def beta(self) -> float:
        return max(0.0, self.b)

    @property
    def gamma(self) -> float:
        return 1 - min(max(self.a, 0.0), 1.0)


def beta_gamma(days: Sequence[Day]) -> BetaGamma:
    """The friction and the force that fit the next change best; no pair crosses from a day to the next, or what is not known."""
    parts = [np.column_stack([day.change[:-1], day.force[:-1], day.change[1:]]) for day in days]
    rows = np.concatenate(parts)
    known = rows[~np.isnan(rows).any(axis=1)]
    a, b = np.linalg.lstsq(known[:, :2], known[:, 2], rcond=None)[0]
    return BetaGamma(float(a), float(b), len(known))


def physics(days: Sequence[Day]) -> Fit:
    """M2: a change that friction slows and a force, which is held as it is now, drives on."""
    fitted = beta_gamma(days)

    def fit(task: Task) -> Forecast:
        return lambda day: way(fitted, np.nan_to_num(day.change), np.nan_to_num(day.force), task.seconds)

    return fit


def way(fitted: BetaGamma, change: Floats, force: Floats, seconds: int) -> Floats:
    """Ticks gone after so many seconds."""
    gone = np.zeros(len(change))
    speed = change
    for _ in range(seconds):
        speed = np.clip((1 - fitted.gamma) * speed + fitted.beta * force, -CLIP, CLIP)
        gone += speed
    return gone


def linear(days: Sequence[Day]) -> Fit:
    """M3: all features, in closed form."""
    fitted = ridge(days)

    def fit(task: Task) -> Forecast:
        line = fitted(task.column)
        weights = line.weights.astype(
            np.float32
        )  # as features are: making them doubles takes longer than the rest
        return lambda day: np.asarray(line.constant + (day.features @ weights).astype(np.float64))

    return fit


def boosted(days: Sequence[Day]) -> Fit:
    """M4: boosted trees of a fixed seed."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    few = joined([thinned(day, SPARSE) for day in days])

    def fit(task: Task) -> Forecast:
        y = few.labels[:, task.column]
        known = ~np.isnan(y)
        trees = HistGradientBoostingRegressor(
            max_iter=40, max_leaf_nodes=15, max_bins=63, random_state=0, early_stopping=False
        ).fit(np.asfortranarray(few.features[known]), y[known])
        return lambda day: np.asarray(trees.predict(day.features), np.float64)

    return fit


MODELS: dict[str, Learn] = {"M0": zero, "M1": autoregressive, "M2": physics, "M3": linear, "M4": boosted}
