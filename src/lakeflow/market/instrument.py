"""What a replay asks of the venue's reference data: the tick and the largest order."""

from collections.abc import Mapping, Sequence

import polars as pl

from lakeflow.market.symbols import OUTRIGHT

PRICE_SCALE = 10**9


def named_alike(definition: pl.DataFrame, instruments: Sequence[int]) -> list[int]:
    """These numbers, and every other that the day's definitions have for the same symbol, as of another venue."""
    symbols = definition.filter(pl.col("instrument_id").is_in(instruments))["raw_symbol"].unique()
    alike = definition.filter(pl.col("raw_symbol").is_in(symbols.implode()))["instrument_id"]
    return sorted({*instruments, *alike})


def usual_tick(symbol: str, ticks: Mapping[str, float]) -> int | None:
    """What a project takes for the tick where no definition tells one: an outright's by its root, or `*` for any symbol."""
    found = OUTRIGHT.fullmatch(symbol)
    points = ticks.get(found["root"] if found else symbol, ticks.get("*"))
    return None if points is None else round(points * PRICE_SCALE)


def tick_of(definition: pl.DataFrame, instruments: Sequence[int], usual: int | None = None) -> int:
    """The instrument's price increment; it decides what a tick is in flows and moves, so it must be known.

    Of shares the vendor's definitions have none: theirs is the usual one.
    """
    ticks = known(definition, instruments, "min_price_increment") or ([usual] if usual else [])
    if not ticks:
        raise ValueError(
            f"expected a definition with min_price_increment for instrument {sorted(instruments)}, found none: "
            "add the day's definition file to the delivery, or the tick to `ticks` under the stage's params"
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
