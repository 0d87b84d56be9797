"""The cells of a truth table: every marginal of bucket, time of day and regime, and their full cross."""

from collections.abc import Iterator

import polars as pl

KEYS = ("underlying", "kind")
DIMENSIONS = ("dte_bucket", "tod", "regime")
ALL, UNKNOWN = "all", "unknown"
GROUPINGS: tuple[tuple[str, ...], ...] = ((), *((name,) for name in DIMENSIONS), DIMENSIONS)


def spread(frame: pl.DataFrame) -> pl.DataFrame:
    """Each row once for each grouping that it counts in; what a grouping leaves out is `all`, what is null `unknown`."""
    known = frame.with_columns(pl.col(*DIMENSIONS).cast(pl.String).fill_null(UNKNOWN))
    return pl.concat([known.with_columns(**_hidden(names)) for names in GROUPINGS])


def _hidden(names: tuple[str, ...]) -> dict[str, pl.Expr]:
    return {name: pl.lit(ALL) for name in DIMENSIONS if name not in names}


def groups(frame: pl.DataFrame) -> dict[tuple[object, ...], pl.DataFrame]:
    """The rows of every cell."""
    return spread(frame).partition_by(*KEYS, *DIMENSIONS, as_dict=True)


def exposed(exposure: pl.DataFrame, kinds: list[str]) -> Iterator[tuple[tuple[object, ...], pl.DataFrame]]:
    """Every cell in which a kind could have happened, with the exposure of its days; sorted."""
    for kind in sorted(kinds):
        found = groups(exposure.with_columns(kind=pl.lit(kind)))
        yield from sorted(found.items(), key=lambda item: tuple(map(str, item[0])))
