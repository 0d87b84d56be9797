"""Who made a move: trades, cancels that left a vacuum, orders that came in behind it, or none of the three."""

from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Floats, Ints
from lakeflow.truth.moving import CAUSES

SHARES = {"trade_share": "trade", "vacuum_share": "cancel", "refill_share": "add"}
DRIVEN = 0.6


class Span(NamedTuple):
    """From the end of second `start` to the end of second `end`, one item an event."""

    start: Ints
    end: Ints


def decomposed(grid: pl.DataFrame, span: Span) -> pl.DataFrame:
    """The shares of trades, cancels and adds in all that moved the mid its way; null where it did not move on the whole.

    Modifies and resets are in what is shared out: the three add up to 1 less theirs.
    """
    moved = {cause: between(grid[f"dmid_{cause}"].to_numpy(), span) for cause in CAUSES}
    way = np.sign(np.sum(list(moved.values()), axis=0))
    scores = {cause: np.maximum(0, way * each) for cause, each in moved.items()}
    total = np.asarray(np.sum(list(scores.values()), axis=0, dtype=np.float64))
    shares = {
        name: np.divide(scores[cause], total, out=np.full(len(total), np.nan), where=total > 0)
        for name, cause in SHARES.items()
    }
    return pl.DataFrame(shares).fill_nan(None).with_columns(driver=_driver(shares))


def _driver(shares: dict[str, Floats]) -> pl.Series:
    trade, vacuum = shares["trade_share"], shares["vacuum_share"]
    names = np.where(trade >= DRIVEN, "trade_driven", np.where(vacuum >= DRIVEN, "vacuum_driven", "mixed"))
    return pl.Series(names.astype(object), dtype=pl.String).set(pl.Series(np.isnan(trade)), None)


def between(flow: Ints, span: Span) -> Ints:
    """The sum over the seconds after `start` up to and with `end`; exact."""
    sums = np.concatenate([[0], np.cumsum(flow)])
    return np.asarray(sums[span.end + 1] - sums[span.start + 1], np.int64)
