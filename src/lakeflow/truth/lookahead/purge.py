"""A fold made ready: what its training days say is the scale, the weights of the levels, and which rows of them may train."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Floats, Ints, Singles
from lakeflow.truth.lookahead.days import Day, thinned
from lakeflow.truth.lookahead.folds import Fold, kept
from lakeflow.truth.lookahead.integrated import NAMES, integrated, weights


class Parts(NamedTuple):
    """Days with their features scaled; rows of train and calibration that reach into a later part have no label."""

    train: Sequence[Day]
    calibration: Sequence[Day]
    test: Sequence[Day]
    weights: Floats


def ready(days: Sequence[Day], fold: Fold, horizons: tuple[int, ...], embargo: int) -> Parts:
    """What each part knows is of the training days alone."""
    used = weights([days[n].levels for n in fold.train])
    own = {n: _with_levels(days[n], used) for n in (*fold.train, *fold.calibration, *fold.test)}
    low, middle, high = quartiles(np.concatenate([thinned(own[n]).features for n in fold.train]))
    scale = np.where(high > low, high - low, 1.0).astype(np.float32)
    for day in own.values():
        _scale(day.features, middle.astype(np.float32), scale)
    tests = [own[n] for n in fold.test]
    calibrating = [purged(own[n], tests, horizons, embargo) for n in fold.calibration]
    later = [*(own[n] for n in fold.calibration), *tests]
    return Parts([purged(own[n], later, horizons, embargo) for n in fold.train], calibrating, tests, used)


def _with_levels(day: Day, used: Floats) -> Day:
    """With features of its own, column after column, as trees read them."""
    features = np.empty(day.features.shape, np.float32, order="F")
    features[:, : -len(NAMES)] = day.features[:, : -len(NAMES)]
    features[:, -len(NAMES) :] = integrated(day.levels, used)
    return day._replace(features=features)


def quartiles(rows: Singles) -> Floats:
    """The first, the second and the third of what is known of each column; NaN where nothing is."""
    ordered = np.sort(np.ascontiguousarray(rows.T, np.float64), axis=1)  # what is not known goes last
    last = np.maximum(np.count_nonzero(~np.isnan(ordered), axis=1) - 1, 0)
    place = np.outer(last, [0.25, 0.5, 0.75])
    below = place.astype(np.int64)
    low, high = (
        np.take_along_axis(ordered, each, axis=1) for each in (below, np.minimum(below + 1, last[:, None]))
    )
    return np.asarray((low + (high - low) * (place - below)).T)


def _scale(features: Singles, middle: Singles, scale: Singles) -> None:
    """Less the median, over the interquartile range, in place; what is not known is in the middle."""
    features -= middle
    features /= scale
    np.copyto(features, 0, where=~np.isfinite(features))


def purged(day: Day, later: Sequence[Day], horizons: tuple[int, ...], embargo: int) -> Day:
    """Labels that end within one of `later`, or begin too soon after it, are not known."""
    labels = day.labels.copy()
    for column, horizon in enumerate(horizons):
        for other in later:
            labels[~kept(day.seconds, _span(other), horizon, embargo), column] = np.nan
    return day._replace(labels=labels)


def _span(day: Day) -> tuple[int, int]:
    return int(day.seconds[0]), int(day.seconds[-1]) + 1


class Manifest(NamedTuple):
    """What a fold was made of, for one horizon; seconds are since 1970."""

    train: tuple[str, ...]
    calibration: tuple[str, ...]
    test: tuple[str, ...]
    samples: int
    purged: int
    last_label: int
    first_test: int


def manifest(parts: Parts, whole: Sequence[Day], horizon: int, column: int) -> Manifest:
    """`whole` are the training days before they were purged. Refuses a fold whose training knows of its test."""
    trained = [day.seconds[~np.isnan(day.labels[:, column])] for day in parts.train]
    before = sum(int((~np.isnan(day.labels[:, column])).sum()) for day in whole)
    spans = [_span(day) for day in (*parts.calibration, *parts.test)]
    for at in trained:
        _assert_apart(at, spans, horizon)
    sample = [span[0] for span in spans[len(parts.calibration) :]]
    names = [tuple(day.name for day in part) for part in (parts.train, parts.calibration, parts.test)]
    samples = sum(map(len, trained))
    last = max(int(at[-1]) for at in trained if len(at)) + horizon
    return Manifest(names[0], names[1], names[2], samples, before - samples, last, min(sample))


def _assert_apart(trained: Ints, spans: Sequence[tuple[int, int]], horizon: int) -> None:
    for start, end in spans:
        reaching = (trained + horizon >= start) & (trained < end + horizon)
        if reaching.any():
            at = int(trained[reaching][0])
            raise ValueError(
                f"a label of training from second {at} to {at + horizon} reaches into what is tested from {start} to {end}"
            )
