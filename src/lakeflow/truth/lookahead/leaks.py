"""Features that know what comes are too good: they alone explain more of it than anything honest does."""

from collections.abc import Sequence

import numpy as np

from lakeflow.truth.arrays import Floats


def too_good(features: Floats, truth: Floats, names: Sequence[str], limit: float = 0.5) -> list[str]:
    """The columns that alone explain too much of the future; sorted."""
    return sorted(
        name
        for name, column in zip(names, np.ascontiguousarray(features.T), strict=True)
        if explained(column, truth) > limit
    )


def explained(x: Floats, y: Floats) -> float:
    """The squared correlation over the rows in which both are known."""
    known = ~np.isnan(x + y)
    x, y = x[known], y[known]
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return 0.0
    x, y = x - x.mean(), y - y.mean()
    return float((x @ y) ** 2 / ((x @ x) * (y @ y)))
