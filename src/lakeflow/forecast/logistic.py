"""Logistic regression by Newton's steps, for a few columns: the small solver beneath Cox, Platt and beta."""

from typing import NamedTuple

import numpy as np

from lakeflow.forecast.compiled import Floats

STEPS = 100
CLOSE = 1e-12  # a step this small against the coefficients ends the search


class Fit(NamedTuple):
    """The coefficients, the inverse of the information at them, and the fitted probability of each row."""

    coefficients: Floats
    inverse: Floats
    fitted: Floats


def sigmoid(z: Floats) -> Floats:
    """1 / (1 + exp(-z)) without overflow."""
    small = np.exp(-np.abs(z))
    shrunk: Floats = np.where(z >= 0, 1.0, small) / (1 + small)
    return shrunk


def logit(p: Floats, epsilon: float) -> Floats:
    """The log odds of forecasts clipped to [epsilon, 1 - epsilon]."""
    inside = np.clip(p, epsilon, 1 - epsilon)
    odds: Floats = np.log(inside) - np.log1p(-inside)
    return odds


def fit(columns: Floats, hits: Floats, mass: Floats, offset: Floats | float = 0.0) -> Fit | None:
    """The coefficients of the columns (one a row of `columns`) that make hits of mass likeliest; None if there are none."""
    coefficients = np.zeros(len(columns))
    likelihood = -np.inf
    step = np.zeros(len(columns))
    for _ in range(STEPS):
        found = _likelihood(columns, hits, mass, offset, coefficients + step)
        if found < likelihood - 1e-9 * abs(likelihood):
            step = step / 2  # too far: Newton overshoots where the curve is flat
            continue
        coefficients, likelihood = coefficients + step, found
        fitted = sigmoid(_sum(coefficients, columns) + offset)
        information = products(columns, mass * fitted * (1 - fitted))
        if not np.linalg.cond(information) < 1e14:
            return None
        step = np.linalg.solve(information, (columns * (hits - mass * fitted)).sum(axis=1))
        if np.abs(step).max() <= CLOSE * max(1.0, float(np.abs(coefficients).max())):
            return Fit(coefficients, np.asarray(np.linalg.inv(information), np.float64), fitted)
    return None


def products(columns: Floats, mass: Floats) -> Floats:
    """The matrix of weighted sums of products; not by BLAS, whose last digits depend on the number of threads."""
    return np.array([[(mass * one * other).sum() for other in columns] for one in columns])


def _sum(coefficients: Floats, columns: Floats) -> Floats:
    total: Floats = (coefficients[:, None] * columns).sum(axis=0)
    return total


def _likelihood(columns: Floats, hits: Floats, mass: Floats, offset: Floats | float, at: Floats) -> float:
    z = _sum(at, columns) + offset
    return float((hits * z - mass * np.logaddexp(0.0, z)).sum())
