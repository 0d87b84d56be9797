"""How good the probabilities of down, flat and up are, together and each against the others."""

from collections.abc import Iterator, Sequence

import numpy as np

from lakeflow.truth.arrays import Bools, Floats
from lakeflow.truth.lookahead.bins import CALIBRATION, CLASSES, Binned, told_by
from lakeflow.truth.lookahead.probability import LEAST
from lakeflow.truth.lookahead.sample import Measure, Sample, Statistic, mean


def of_classes(sample: Sample, tables: Sequence[Binned]) -> Iterator[Measure]:
    """`tables` has one for each class, as `reliabilities` makes them."""
    n, chances = len(sample.classes), sample.probabilities
    happened = np.eye(chances.shape[1])[sample.classes]
    chosen = np.take_along_axis(chances, sample.classes[:, None], axis=1)[:, 0]
    yield Measure("brier", "", n, mean(sample, ((chances - happened) ** 2).sum(axis=1)))
    yield Measure("log_loss", "", n, mean(sample, -np.log(np.clip(chosen, LEAST, 1))))
    yield Measure("mcc", "", n, matthews(sample))
    for k, (name, held) in enumerate(zip(CLASSES, tables, strict=True)):
        yield Measure("auc", name, n, auc(sample, chances[:, k], sample.classes == k))
        for metric, of in CALIBRATION.items():
            yield Measure(metric, name, n, told_by(held, of))


def matthews(sample: Sample) -> Statistic:
    """Of the likeliest class; 0 where either is always the same."""
    kinds = sample.probabilities.shape[1]
    cell = (sample.place * kinds + sample.classes) * kinds + sample.probabilities.argmax(axis=1)
    counts = np.bincount(cell, minlength=sample.sessions * kinds**2).astype(np.float64)

    def of(drawn: Floats) -> Floats:
        table = (drawn @ counts.reshape(sample.sessions, kinds**2)).reshape(-1, kinds, kinds)
        rows, columns, total = table.sum(axis=2), table.sum(axis=1), table.sum(axis=(1, 2))
        bound = np.sqrt((total**2 - (columns**2).sum(axis=1)) * (total**2 - (rows**2).sum(axis=1)))
        gained = np.trace(table, axis1=1, axis2=2) * total - (rows * columns).sum(axis=1)
        return np.where(bound > 0, gained / np.where(bound > 0, bound, 1), 0.0)

    return of


def auc(sample: Sample, score: Floats, happened: Bools) -> Statistic:
    """The chance that what happened had the higher score, half for equal ones; NaN where only one of both is there.

    `wins` has it of every two sessions, so that drawing them again needs no new ranks.
    """
    _, level = np.unique(score, return_inverse=True)
    shape = (int(level.max()) + 1, sample.sessions)
    cell = level * sample.sessions + sample.place
    yes, no = (
        np.bincount(cell[rows], minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
        for rows in (happened, ~happened)
    )
    wins = yes.T @ (no.cumsum(axis=0) - no / 2)
    ups, downs = yes.sum(axis=0), no.sum(axis=0)

    def of(drawn: Floats) -> Floats:
        pairs = (drawn @ ups) * (drawn @ downs)
        won = ((drawn @ wins) * drawn).sum(axis=1)
        return np.where(pairs > 0, won / np.where(pairs > 0, pairs, 1), np.nan)

    return of
