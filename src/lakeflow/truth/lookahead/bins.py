"""Probabilities in bins of equal mass: what was told there and what happened, and how far apart the two are."""

from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats
from lakeflow.truth.lookahead.sample import Sample, Statistic

CLASSES = ("down", "flat", "up")


class Binned(NamedTuple):
    """By session and bin: rows, the sum of what was told, and how often it happened. Bins have equal mass in all."""

    n: Floats
    told: Floats
    happened: Floats


def reliabilities(sample: Sample, bins: int) -> list[Binned]:
    return [
        binned(sample, sample.probabilities[:, k], sample.classes == k, bins) for k in range(len(CLASSES))
    ]


def binned(sample: Sample, chance: Floats, happened: Bools, bins: int) -> Binned:
    order = np.argsort(chance, kind="stable")
    sizes = [len(part) for part in np.array_split(order, bins) if len(part)]
    which = np.empty(len(order), np.int64)
    which[order] = np.repeat(np.arange(len(sizes)), sizes)
    cell, shape = sample.place * len(sizes) + which, (sample.sessions, len(sizes))
    columns = (np.ones(len(chance)), chance, happened.astype(np.float64))
    cells = [np.bincount(cell, weights=each, minlength=shape[0] * shape[1]) for each in columns]
    return Binned(*(np.asarray(each.reshape(shape), np.float64) for each in cells))


def told_by(held: Binned, of: Statistic) -> Statistic:
    """`of` of the share of rows in each bin, what was told there and what happened: three layers of one array."""

    def told(drawn: Floats) -> Floats:
        n, told, happened = (drawn @ each for each in held)
        some = np.where(n > 0, n, 1)
        return of(np.stack([n / n.sum(axis=1, keepdims=True), told / some, happened / some]))

    return told


def ece(bins: Floats) -> Floats:
    share, told, happened = bins
    return np.asarray((share * np.abs(told - happened)).sum(axis=1))


def max_ce(bins: Floats) -> Floats:
    return np.asarray(np.abs(bins[1] - bins[2]).max(axis=1))


def reliability(bins: Floats) -> Floats:
    share, told, happened = bins
    return np.asarray((share * (told - happened) ** 2).sum(axis=1))


def resolution(bins: Floats) -> Floats:
    share, _, happened = bins
    return np.asarray((share * (happened - _rate(bins)[:, None]) ** 2).sum(axis=1))


def uncertainty(bins: Floats) -> Floats:
    return _rate(bins) * (1 - _rate(bins))


def _rate(bins: Floats) -> Floats:
    return np.asarray((bins[0] * bins[2]).sum(axis=1))


CALIBRATION = {
    "ece": ece,
    "max_ce": max_ce,
    "reliability": reliability,
    "resolution": resolution,
    "uncertainty": uncertainty,
}
