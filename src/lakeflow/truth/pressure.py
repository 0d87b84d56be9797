"""Order flow imbalance: what each event adds to the bid less what it adds to the offer, level by level."""

from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Floats, Ints
from lakeflow.truth.fills import sums
from lakeflow.truth.session import Session

LEVELS = 10


class Side(NamedTuple):
    """One side of successive books, a row an event, a column a level; a missing level has size 0."""

    price: Ints
    size: Ints


def imbalances(bid: Side, ask: Side) -> Ints:
    """What Cont, Kukanov and Stoikov call e, between each book and the next, for every level."""
    return _gain(bid, 1) - _gain(ask, -1)


def _gain(side: Side, better: int) -> Ints:
    """Lots that joined the level at its price or a better one, less those that were there at its price or a better one."""
    lowest = np.iinfo(np.int64).min
    rank = np.where(side.size == 0, lowest, better * side.price)
    now, before = rank[1:], rank[:-1]
    return np.where(now >= before, side.size[1:], 0) - np.where(now <= before, side.size[:-1], 0)


def pressure(ofi: pl.DataFrame, session: Session, weights: Floats | None = None) -> pl.DataFrame:
    """`ofi_1` to `ofi_10`, the events of the second with the longest wait for one, and `ofi_int` in mean sizes of a level."""
    seconds, rows = session.of(ofi), session.rows
    names = [f"ofi_{level}" for level in range(1, LEVELS + 1)]
    flows = {name: sums(seconds, ofi[name].to_numpy(), rows) for name in names}
    sizes = sum(
        sums(seconds, ofi[f"size_sum_{level}"].to_numpy().astype(np.int64), rows)
        for level in range(1, LEVELS + 1)
    )
    events = sums(seconds, ofi["events"].to_numpy().astype(np.int64), rows)
    mean = sizes / np.maximum(events, 1) / (2 * LEVELS)
    scaled = np.column_stack(list(flows.values())) / np.where(mean > 0, mean, 1.0)[:, None]
    waits = sums(
        seconds, ofi["max_wait_ns"].fill_null(0).to_numpy(), rows
    )  # a row a second: the sum is the row's
    told = {"n_events": events, "max_gap_ns": waits, "ofi_int": integrated(scaled, weights)}
    return pl.DataFrame(flows | told)


def integrated(scaled: Floats, weights: Floats | None = None) -> Floats:
    """The levels as one number. Without weights of training days all levels count the same."""
    used = np.ones(scaled.shape[1]) if weights is None else weights
    return np.asarray(scaled @ used / np.abs(used).sum(), np.float64)


def first_component(scaled: Floats) -> Floats:
    """The direction in which the levels move most together, pointing up; of training days only."""
    centred = scaled - scaled.mean(axis=0)
    vector = np.asarray(np.linalg.eigh(centred.T @ centred).eigenvectors[:, -1], np.float64)
    return vector if vector.sum() > 0 else -vector
