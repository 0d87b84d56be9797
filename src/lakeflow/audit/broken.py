"""What an audit answers with: every row that breaks it, where it stands, what was expected there and what was found."""

from collections.abc import Sequence

import polars as pl


def broken(
    rows: pl.LazyFrame,
    is_broken: pl.Expr,
    *,
    at: Sequence[str],
    expected: pl.Expr | str,
    found: pl.Expr | str,
) -> pl.LazyFrame:
    """The rows for which something does not hold; what cannot be told of a row does not hold."""
    return rows.filter(is_broken.fill_null(value=True)).select(
        at=pl.concat_str([pl.lit(f"{name} ") + said(pl.col(name)) for name in at], separator=", "),
        expected=told(expected),
        found=told(found),
    )


def told(value: pl.Expr | str) -> pl.Expr:
    return pl.lit(value) if isinstance(value, str) else said(value)


def said(value: pl.Expr) -> pl.Expr:
    """A value in words."""
    return value.cast(pl.String).fill_null("nothing")


def has(flags: str, bit: int) -> pl.Expr:
    """Whether a word of flags has a bit, told as its number."""
    return pl.col(flags) & bit != 0
