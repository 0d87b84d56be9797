"""DBN's numbers that mean undefined, as nulls: they never travel further."""

import polars as pl

TIME = pl.Datetime("ns", "UTC")


def defined(values: pl.Series, undefined: int) -> pl.Series:
    """The values with null for what is undefined."""
    missing = values == undefined
    return values.set(missing, None) if missing.any() else values


def times(nanoseconds: pl.Series) -> pl.Series:
    """Nanoseconds as UTC times. Seen as signed, the undefined time (all bits set) is -1."""
    return defined(nanoseconds, -1).cast(TIME)
