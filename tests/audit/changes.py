"""Changes of a table's rows that nobody should have made: a cell, a row lost, a row too many."""

from collections.abc import Callable
from typing import Any

import polars as pl

Change = Callable[[pl.DataFrame], pl.DataFrame]


def with_row(number: int, **values: Any) -> Change:
    """Some columns of one row set to others; a place below 0 counts from the end."""

    def change(rows: pl.DataFrame) -> pl.DataFrame:
        here = pl.row_index() == number % rows.height
        return rows.with_columns(
            pl.when(here)
            .then(value if isinstance(value, pl.Expr) else pl.lit(value))
            .otherwise(pl.col(name))
            .cast(rows.schema[name])
            .alias(name)
            for name, value in values.items()
        )

    return change


def without_row(number: int) -> Change:
    return lambda rows: rows.filter(pl.row_index() != number % rows.height)


def with_another(number: int, **values: Any) -> Change:
    """A copy of one row that differs in some columns, at its end."""

    def change(rows: pl.DataFrame) -> pl.DataFrame:
        row = rows[number % rows.height].with_columns(
            pl.lit(value).cast(rows.schema[name]).alias(name) for name, value in values.items()
        )
        return pl.concat([rows, row])

    return change
