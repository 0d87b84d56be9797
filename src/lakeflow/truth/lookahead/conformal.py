"""Quantiles of what comes: errors of the calibration slice, read at levels that are moved until as much lies below as should."""

from typing import Any, NamedTuple

import numpy as np

from lakeflow.truth.arrays import Floats, Ints, plain
from lakeflow.truth.compiled import kernel

TARGETS = (0.05, 0.25, 0.50, 0.75, 0.95)
RATE = 0.005  # how far a level moves for each second that turned out


class Seconds(NamedTuple):
    """Seconds of a session whose label is known: when each was, what was told and what came."""

    at: Ints
    told: Floats
    truth: Floats


def quantiles(seconds: Seconds, errors: Floats, horizon: int, targets: tuple[float, ...] = TARGETS) -> Floats:
    """A column for each target, rising. A second knows of those before it whose label was known by then.

    Gibbs and Candès' adaptive conformal inference, each quantile by itself: its level falls by RATE times what should
    not lie below where something did, and rises by RATE times what should where it did not.
    """
    out = np.empty((len(seconds.at), len(targets)))
    columns = (plain(seconds.at), plain(seconds.told), plain(seconds.truth))
    adapt(columns, plain(np.sort(errors)), horizon, np.array(targets), out)
    return out


@kernel
def adapt(seconds: Any, errors: Any, horizon: Any, targets: Any, out: Any) -> None:
    at, told, truth = seconds
    # levels: where among the errors each quantile is read now · turned: seconds whose label has been used
    levels, turned = targets.copy(), 0
    for i in range(len(at)):
        while turned < i and at[turned] + horizon <= at[i]:
            for k in range(len(targets)):
                below = 1.0 if truth[turned] <= out[turned, k] else 0.0
                levels[k] += RATE * (targets[k] - below)
            turned += 1
        for k in range(len(targets)):
            place = min(max(int(np.ceil(levels[k] * len(errors))) - 1, 0), len(errors) - 1)
            out[i, k] = told[i] + errors[place]
            if k > 0 and out[i, k] < out[i, k - 1]:
                out[i, k] = out[i, k - 1]
