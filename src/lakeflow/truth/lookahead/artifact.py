"""What is kept of a calibration beside its scores: what each fold was made of and what it fitted, and columns that leak."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from lakeflow.truth.lookahead.days import Day, names, thinned
from lakeflow.truth.lookahead.leaks import explained, too_good
from lakeflow.truth.lookahead.purge import Manifest
from lakeflow.truth.lookahead.rows import ALL, Row
from lakeflow.truth.lookahead.walk import Learnt

PHYSICS = "M2"
NO_HORIZON = 0


def kept_of_fold(fold: Learnt) -> Iterator[Row]:
    """Under the sessions that it tests."""
    first = next(iter(fold.manifests.values()))
    sample = "+".join(first.test)
    for name, dates in zip(
        ("train_dates", "calibration_dates", "holdout_dates"),
        (first.train, first.calibration, first.test),
        strict=True,
    ):
        yield Row(ALL, NO_HORIZON, sample, name, n=len(dates), text=" ".join(dates))
    for level, weight in enumerate(fold.weights, 1):
        yield Row(ALL, NO_HORIZON, sample, "ofi_weight", f"{level:02d}", value=float(weight))
    for name in ("a", "b", "beta", "gamma"):
        yield Row(PHYSICS, NO_HORIZON, sample, name, n=fold.fitted.pairs, value=getattr(fold.fitted, name))
    for horizon, manifest in fold.manifests.items():
        yield from _rows_trained((ALL, horizon, sample), manifest)


def _rows_trained(key: tuple[str, int, str], manifest: Manifest) -> Iterator[Row]:
    """The last label of training must end before the first second of the test."""
    yield Row(*key, "train_samples", n=manifest.samples, value=float(manifest.samples))
    yield Row(*key, "purged", n=manifest.purged, value=float(manifest.purged))
    for name, second in (("train_label_end", manifest.last_label), ("test_start", manifest.first_test)):
        yield Row(*key, name, value=float(second), text=datetime.fromtimestamp(second, UTC).isoformat())


def leaks(days: Sequence[Day], horizons: tuple[int, ...]) -> Iterator[Row]:
    """Of the nearest and the farthest horizon: how many features are too good to be honest, and each of them."""
    few = [thinned(day) for day in days]
    whole = np.concatenate([day.features for day in few]).astype(np.float64)
    for column in sorted({0, len(horizons) - 1}):
        truth = np.concatenate([day.labels[:, column] for day in few])
        key = (ALL, horizons[column], ALL)
        found = too_good(whole, truth, names())
        yield Row(*key, "leaks", n=len(truth), value=float(len(found)), text=" ".join(found))
        for name in found:
            yield Row(*key, "leak", name, len(truth), explained(whole[:, names().index(name)], truth))
