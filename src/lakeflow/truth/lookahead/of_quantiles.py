"""How good quantiles are: how often what came lay below them, and how much room they take."""

from collections.abc import Iterator

import numpy as np

from lakeflow.truth.lookahead.conformal import TARGETS
from lakeflow.truth.lookahead.sample import Measure, Sample, mean

BANDS = {"50": (1, 3), "90": (0, 4)}


def of_quantiles(sample: Sample) -> Iterator[Measure]:
    n = len(sample.truth)
    for k, target in enumerate(TARGETS):
        name, told = f"{100 * target:02.0f}", sample.quantiles[:, k]
        below = np.asarray(sample.truth <= told, np.float64)
        loss = (sample.truth - told) * (target - np.asarray(sample.truth < told, np.float64))
        yield Measure("coverage", name, n, mean(sample, below), target)
        yield Measure("pinball", name, n, mean(sample, loss), target)
    for name, (low, high) in BANDS.items():
        lo, hi = sample.quantiles[:, low], sample.quantiles[:, high]
        inside = np.asarray((lo <= sample.truth) & (sample.truth <= hi), np.float64)
        yield Measure("coverage_between", name, n, mean(sample, inside), float(name) / 100)
        yield Measure("width", name, n, mean(sample, hi - lo), float(name) / 100)
