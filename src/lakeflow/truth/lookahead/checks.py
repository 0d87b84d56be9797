"""Two forecasts that must not be good: of labels dealt out anew, and of features a second late. Where they are, something leaks."""

import hashlib
from collections.abc import Sequence

import numpy as np

from lakeflow.truth.arrays import Floats
from lakeflow.truth.lookahead.days import Day, thinned
from lakeflow.truth.lookahead.models import Fit, Forecast, Learn, Task, linear


def shuffled(days: Sequence[Day]) -> Fit:
    """M3 of labels that changed places within each day; beats no change by chance alone."""
    return linear([day._replace(labels=dealt(day)) for day in map(thinned, days)])


def dealt(day: Day) -> Floats:
    """The same for the same day anywhere."""
    seed = int.from_bytes(hashlib.sha256(day.name.encode()).digest()[:8])
    return np.random.default_rng(seed).permutation(day.labels)


def late(days: Sequence[Day]) -> Fit:
    """M3 of what was known a second before; no better than M3 where each second's features are of that second."""
    fitted = linear([_late(day) for day in days])

    def fit(task: Task) -> Forecast:
        forecast = fitted(task)
        return lambda day: forecast(_late(day))

    return fit


def _late(day: Day) -> Day:
    return day._replace(features=np.asfortranarray(np.vstack([day.features[:1], day.features[:-1]])))


CHECKS: dict[str, Learn] = {"M3-shuffled": shuffled, "M3-late": late}
