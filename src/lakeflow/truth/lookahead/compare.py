"""Whether a forecast is better than another by more than chance, as Diebold and Mariano ask."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from lakeflow.truth.arrays import Floats


class Comparison(NamedTuple):
    """`gain` is how much smaller the squared errors are; `p` is two-sided; NaN where the two never differ."""

    gain: float
    statistic: float
    p: float


def diebold_mariano(gains: Sequence[Floats], horizon: int) -> Comparison:
    """`gains` of each session, the other's loss less one's own. Errors that overlap go together within a session only."""
    everything = np.concatenate(list(gains))
    mean, n = float(everything.mean()), len(everything)
    variance = long_run([session - mean for session in gains], horizon) / n
    if not variance > 0:
        return Comparison(mean, float("nan"), float("nan"))
    statistic = mean / float(np.sqrt(variance))
    return Comparison(mean, statistic, float(2 * stats.norm.sf(abs(statistic))))


def long_run(centred: Sequence[Floats], horizon: int) -> float:
    """Variance with Bartlett's weights up to lag `horizon` - 1."""
    n = sum(map(len, centred))
    total = sum(float((each**2).sum()) for each in centred)
    for lag in range(1, horizon):
        total += 2 * (1 - lag / horizon) * sum(float((each[lag:] * each[:-lag]).sum()) for each in centred)
    return total / n
