"""Which columns know what comes: found by taking the future away and by turning it about."""

from collections.abc import Callable, Sequence

import polars as pl


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
