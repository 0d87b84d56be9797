"""What a replay asks of the venue's reference data: the tick and the largest order."""

from collections.abc import Sequence

import polars as pl


def named_alike(definition: pl.DataFrame, instruments: Sequence[int]) -> list[int]:
    """These numbers, and every other that the day's definitions have for the same symbol, as of another venue."""
    symbols = definition.filter(pl.col("instrument_id").is_in(instruments))["raw_symbol"].unique()
    alike = definition.filter(pl.col("raw_symbol").is_in(symbols.implode()))["instrument_id"]
    return sorted({*instruments, *alike})


def tick_of(definition: pl.DataFrame, instruments: Sequence[int]) -> int:
    """The instrument's price increment; it decides what a tick is in flows and moves, so it must be known."""
    ticks = known(definition, instruments, "min_price_increment")
    if not ticks:
        raise ValueError(
            f"expected a definition with min_price_increment for instrument {sorted(instruments)}, found none: "
            "add the day's definition file to the delivery"
        )
    return int(ticks[0])


def largest_order(definition: pl.DataFrame, instruments: Sequence[int]) -> int | None:
    """The largest size that the venue takes, where it says so."""
    sizes = known(definition, instruments, "max_trade_vol")
    return int(sizes[0]) if sizes else None


def known(definition: pl.DataFrame, instruments: Sequence[int], column: str) -> list[int]:
    """What the day's definitions first say of a column that is more than nothing."""
    return (
        definition.filter(pl.col("instrument_id").is_in(instruments) & (pl.col(column) > 0))
        .sort("row")[column]
        .to_list()
    )
