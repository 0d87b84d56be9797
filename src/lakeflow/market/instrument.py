"""What a replay asks of the venue's reference data: the tick, the largest order, and when trading was halted or in auction."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

HALTED, AUCTION = 1 << 20, 1 << 21
PHASES = {
    1: AUCTION,
    2: AUCTION,
    4: AUCTION,
    5: AUCTION,
    6: AUCTION,
    8: HALTED,
    9: HALTED,
    10: HALTED,
    15: HALTED,
}

Phases = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


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


def phases(status: pl.DataFrame, instruments: Sequence[int]) -> Phases:
    """From when on which flags hold; nothing holds before the first status."""
    own = status.filter(pl.col("instrument_id").is_in(instruments)).sort("ts_recv", "row")
    bits = [PHASES.get(action, 0) for action in own["action"]]
    times = own["ts_recv"].to_physical().to_numpy()
    return np.concatenate([[np.iinfo(np.int64).min], times]), np.array([0, *bits], np.int64)
