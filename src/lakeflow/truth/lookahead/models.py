"""Five forecasts, from none to boosted trees. Each is fitted on days and then tells the ticks ahead for any day."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from lakeflow.truth.arrays import Floats

CLIP = 8.0  # ticks a second
ENOUGH = 2000  # seconds of a session


class Day(NamedTuple):
    """A session: a row a second. `labels` has a column for each horizon; features are of that second or before."""

    name: str
    features: Floats
    change: Floats  # ticks in the last second
    gap: Floats  # microprice less mid, in ticks
    force: Floats  # what pushes the mid, over one plus what dampens it
    labels: Floats


class Task(NamedTuple):
    """A horizon in seconds and its column of the labels."""

    seconds: int
    column: int


Forecast: TypeAlias = Callable[[Day], Floats]
Fit: TypeAlias = Callable[[Sequence[Day], Task], Forecast]


def zero(_days: Sequence[Day], _task: Task) -> Forecast:
    """M0: nothing changes."""
    return lambda day: np.zeros(len(day.change))


def autoregressive(days: Sequence[Day], task: Task) -> Forecast:
    """M1: the last change and the microprice."""

    def inputs(day: Day) -> Floats:
        return np.column_stack([np.ones(len(day.change)), day.change, day.gap])

    x, y = stacked([inputs(day) for day in days], days, task)
    weights = np.linalg.lstsq(x, y, rcond=None)[0]
    return lambda day: np.asarray(np.nan_to_num(inputs(day)) @ weights)


class BetaGamma(NamedTuple):
    beta: float
    gamma: float


def beta_gamma(days: Sequence[Day], _task: Task) -> BetaGamma:
    """The friction and the force that fit the next change best; no pair crosses from a day to the next."""
    parts = [np.column_stack([day.change[:-1], day.force[:-1], day.change[1:]]) for day in days]
    rows = np.concatenate(parts)
    known = rows[~np.isnan(rows).any(axis=1)]
    a, b = np.linalg.lstsq(known[:, :2], known[:, 2], rcond=None)[0]
    return BetaGamma(max(0.0, float(b)), 1 - float(np.clip(a, 0, 1)))


def physics(days: Sequence[Day], task: Task) -> Forecast:
    """M2: a change that friction slows and a force, which is held as it is now, drives on."""
    fitted = beta_gamma(days, task)
    return lambda day: way(fitted, np.nan_to_num(day.change), np.nan_to_num(day.force), task.seconds)


def way(fitted: BetaGamma, change: Floats, force: Floats, seconds: int) -> Floats:
    """Ticks gone after so many seconds."""
    gone = np.zeros(len(change))
    speed = change
    for _ in range(seconds):
        speed = np.clip((1 - fitted.gamma) * speed + fitted.beta * force, -CLIP, CLIP)
        gone += speed
    return gone


def ridge(days: Sequence[Day], task: Task, penalty: float = 1e-3) -> Forecast:
    """M3: all features, in closed form; the penalty is per row, so that it does not depend on how many there are."""
    scale = scaling(days)
    x, y = stacked([scale(day) for day in days], days, task)
    middle = x.mean(axis=0)
    centred = x - middle
    square = centred.T @ centred + penalty * len(x) * np.eye(x.shape[1])
    weights = np.linalg.solve(square, centred.T @ (y - y.mean()))
    return lambda day: np.asarray(y.mean() + (scale(day) - middle) @ weights)


def boosted(days: Sequence[Day], task: Task) -> Forecast:
    """M4: boosted trees of a fixed seed."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    few = [thinned(day) for day in days]
    x, y = stacked([day.features for day in few], few, task)
    trees = HistGradientBoostingRegressor(
        max_iter=40, max_leaf_nodes=15, max_bins=63, random_state=0, early_stopping=False
    ).fit(x, y)
    return lambda day: np.asarray(trees.predict(day.features), np.float64)


MODELS: dict[str, Fit] = {"M0": zero, "M1": autoregressive, "M2": physics, "M3": ridge, "M4": boosted}


def thinned(day: Day) -> Day:
    """Every tenth second of a long session: those between look so much alike that trees and quantiles gain nothing by them."""
    step = 10 if len(day.change) > ENOUGH else 1
    return Day(day.name, *(column[::step] for column in day[1:]))


def stacked(inputs: Sequence[Floats], days: Sequence[Day], task: Task) -> tuple[Floats, Floats]:
    """Rows of all days whose label and inputs are known."""
    x, y = np.concatenate(list(inputs)), np.concatenate([day.labels[:, task.column] for day in days])
    known = ~np.isnan(y)
    return np.nan_to_num(x[known]), y[known]


def scaling(days: Sequence[Day]) -> Forecast:
    """Features less their median over their interquartile range, both of the training days; unknown ones in the middle."""
    low, middle, high = np.nanquantile(
        np.concatenate([thinned(day).features for day in days]), [0.25, 0.5, 0.75], axis=0
    )
    spread = np.where(high > low, high - low, 1.0)
    return lambda day: np.asarray(np.nan_to_num((day.features - middle) / spread))
