"""Probabilities of down, flat and up: raw ones from a forecast and its errors, and what makes them honest."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from scipy.optimize import isotonic_regression

from lakeflow.truth.arrays import Floats, Ints

CLASSES = 3
ENOUGH = 5000  # rows from which on isotonic is tried besides Platt
LEAST = 1e-6
STEPS = 30
HELD = 1e-7
ENOUGH_GAINED = 1e-10
Calibration: TypeAlias = Callable[[Floats], Floats]


def raw(forecast: Floats, errors: Floats, flat_band: float = 0.5) -> Floats:
    """A row a forecast: the share of training errors that would take it below, into and above the band."""
    ordered = np.sort(errors)
    below = np.searchsorted(ordered, -flat_band - forecast, side="right") / len(ordered)
    above = 1 - np.searchsorted(ordered, flat_band - forecast, side="left") / len(ordered)
    return np.column_stack([below, np.maximum(0, 1 - below - above), above])


def log_loss(probabilities: Floats, truth: Ints) -> float:
    chosen = np.take_along_axis(probabilities, truth[:, None], axis=1)[:, 0]
    return float(-np.log(np.clip(chosen, LEAST, 1)).mean())


def calibrated(probabilities: Floats, truth: Ints, horizon: int = 0) -> Calibration:
    """Fitted on a slice between train and test. With rows enough, the better of two on the slice's last third, refitted.

    The first two thirds are tried without the rows whose labels, `horizon` seconds ahead, end in the last one.
    """
    if len(truth) < ENOUGH:
        return platt(probabilities, truth)
    cut = 2 * len(truth) // 3
    first = max(1, cut - horizon)

    def later(fit: Callable[[Floats, Ints], Calibration]) -> float:
        return log_loss(fit(probabilities[:first], truth[:first])(probabilities[cut:]), truth[cut:])

    return min((platt, isotonic), key=later)(probabilities, truth)


def platt(probabilities: Floats, truth: Ints) -> Calibration:
    """One temperature and a bias for each class, the first of them 0."""
    best = fitted(logits(probabilities), np.eye(CLASSES)[:, truth])
    return lambda given: np.ascontiguousarray(np.exp(told(best, logits(given))).T)


def logits(probabilities: Floats) -> Floats:
    """A row a class from here on: sums over the three are a tenth of the time that they take in a row each."""
    return np.asarray(np.log(np.clip(probabilities.T, LEAST, 1), order="C"))


def told(parameters: Floats, given: Floats) -> Floats:
    tilted = parameters[0] * given + np.array([0.0, *parameters[1:]])[:, None]
    tilted -= tilted.max(axis=0)
    return np.asarray(tilted - np.log(np.exp(tilted).sum(axis=0)))


def fitted(given: Floats, happened: Floats) -> Floats:
    """By Newton's steps, each halved until it helps; held to no change where a class never happened."""
    start: Floats = np.array([1.0, *[0.0] * (CLASSES - 1)])
    best, least = start, np.inf
    step: Floats = np.zeros(CLASSES)
    for _ in range(STEPS):
        for halved in range(STEPS):
            tried: Floats = np.asarray(best + step / 2**halved)
            logs = told(tried, given)
            loss = float(-(logs * happened).sum() / happened.shape[1] + HELD * ((tried - start) ** 2).sum())
            if loss < least:
                break
        else:
            return best
        gained, best, least = float(least - loss), tried, loss
        if gained < ENOUGH_GAINED:
            return best
        step = _newton(np.exp(logs), given, happened, best - start)
    return best


def _newton(chances: Floats, given: Floats, happened: Floats, away: Floats) -> Floats:
    """The slope and the curvature of the loss in temperature and biases, and the step to where both say it is least."""
    excess, tilted = chances - happened, chances * given
    slope = np.array([(excess * given).sum() / given.shape[1], *excess.mean(axis=1)[1:]]) + 2 * HELD * away
    moved = np.vstack([tilted.sum(axis=0), chances[1:]])
    curve = -(moved @ moved.T) / given.shape[1]
    curve[0, 0] += float((tilted * given).sum() / given.shape[1])
    mixed = tilted.mean(axis=1)[1:]
    curve[0, 1:] += mixed
    curve[1:, 0] += mixed
    curve[1:, 1:] += np.diag(chances.mean(axis=1)[1:])
    return np.asarray(-np.linalg.solve(curve + 2 * HELD * np.eye(CLASSES), slope))


def isotonic(probabilities: Floats, truth: Ints) -> Calibration:
    """A rising step for each class, made to add up to 1 again."""
    steps = [rising(probabilities[:, k], (truth == k).astype(np.float64)) for k in range(CLASSES)]

    def told(given: Floats) -> Floats:
        each = np.column_stack([np.interp(given[:, k], *steps[k]) for k in range(CLASSES)])
        each = np.clip(each, LEAST, 1)
        return np.asarray(each / each.sum(axis=1, keepdims=True))

    return told


class Steps(NamedTuple):
    """To be read by linear interpolation, flat outside."""

    x: Floats
    y: Floats


def rising(x: Floats, y: Floats) -> Steps:
    """The nearest function that never falls; equal x count together."""
    places, which, counts = np.unique(x, return_inverse=True, return_counts=True)
    means = np.bincount(which, weights=y) / counts
    return Steps(places, np.asarray(isotonic_regression(means, weights=counts.astype(np.float64)).x))
