"""Features that know what comes: found by changing the future, or by being too good."""

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Floats


def leaking(
    build: Callable[[pl.DataFrame], pl.DataFrame], rows: pl.DataFrame, cuts: Sequence[int]
) -> list[str]:
    """Columns of `build(rows)` whose first rows differ once the rows behind a cut are missing or turned about; sorted."""
    whole = build(rows)
    found: set[str] = set()
    for cut in cuts:
        head = rows.head(cut)
        for other in (build(head), build(pl.concat([head, rows.slice(cut).reverse()]))):
            found |= {
                name for name in whole.columns if not _same(whole[name].head(cut), other[name].head(cut))
            }
    return sorted(found)


def _same(one: pl.Series, other: pl.Series) -> bool:
    return one.equals(other, null_equal=True)


def too_good(features: Floats, truth: Floats, names: Sequence[str], limit: float = 0.5) -> list[str]:
    """Columns that alone explain more of the future than anything honest does; sorted."""
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
