"""Probabilities of down, flat and up: raw ones from a forecast and its errors, and what makes them honest."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from scipy.optimize import isotonic_regression, minimize
from scipy.special import log_softmax

from lakeflow.truth.arrays import Floats, Ints

CLASSES = 3
ENOUGH = 5000  # rows from which on isotonic is tried besides Platt
LEAST = 1e-6
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


def calibrated(probabilities: Floats, truth: Ints) -> Calibration:
    """Fitted on a slice between train and test. With rows enough, the better of two on the slice's last third, refitted."""
    if len(truth) < ENOUGH:
        return platt(probabilities, truth)
    cut = 2 * len(truth) // 3

    def later(fit: Callable[[Floats, Ints], Calibration]) -> float:
        return log_loss(fit(probabilities[:cut], truth[:cut])(probabilities[cut:]), truth[cut:])

    return min((platt, isotonic), key=later)(probabilities, truth)


def platt(probabilities: Floats, truth: Ints) -> Calibration:
    """One temperature and a bias for each class, the first of them 0."""
    logits = np.log(np.clip(probabilities, LEAST, 1))

    happened = np.eye(CLASSES)[truth]

    def told(parameters: Floats, given: Floats) -> Floats:
        return np.asarray(log_softmax(parameters[0] * given + np.array([0.0, *parameters[1:]]), axis=1))

    def loss(parameters: Floats) -> tuple[float, Floats]:
        """With its slope, without which it would be asked for four times as often."""
        logs = told(parameters, logits)
        excess = (np.exp(logs) - happened) / len(truth)
        slope = np.array([(excess * logits).sum(), *excess.sum(axis=0)[1:]])
        return float(-(logs * happened).sum() / len(truth)), slope

    best = minimize(loss, np.array([1.0, *[0.0] * (CLASSES - 1)]), method="L-BFGS-B", jac=True).x
    return lambda given: np.exp(told(best, np.log(np.clip(given, LEAST, 1))))


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
