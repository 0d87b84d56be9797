"""Hard rejects that a bronze row shows by itself: what cannot be represented, or is impossible; True is a row to keep."""

import polars as pl

F_TOB = 64
F_SNAPSHOT = 32
UNDEF_SIZE = 2**32 - 1


def b01_has_event_time() -> pl.Expr:
    """An event has a time; only a snapshot may not know when its order came."""
    return pl.col("ts_event").is_not_null() | _has(F_SNAPSHOT)


def b03_has_price() -> pl.Expr:
    """An add or a modify has a price, but in top-of-book records, where none says that the side is empty."""
    return pl.col("price").is_not_null() | ~_is("A", "M") | _has(F_TOB)


def b05_has_size() -> pl.Expr:
    """A size is defined, and an add is of something."""
    return (pl.col("size") != UNDEF_SIZE) & ((pl.col("size") > 0) | ~_is("A") | _has(F_TOB))


def _is(*actions: str) -> pl.Expr:
    return pl.col("action").is_in(list(actions))


def _has(flag: int) -> pl.Expr:
    return pl.col("flags") & flag != 0
