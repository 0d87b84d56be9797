"""Orders added, cancelled and filled in every second near the best of each side, from the `flow` table."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Floats, Ints
from lakeflow.truth.fills import see, sums
from lakeflow.truth.session import Session

SIDES = {"b": "B", "a": "A"}
BANDS = ("touch", "near", "deep")
LOTS = {"add": "add", "can": "cancel", "fil": "fill", "mod": "modified", "shift": "shift"}
COUNTS = {"n_add": "adds", "n_can": "cancels", "n_fil": "fills", "n_mod": "modifies"}
ONE_LOT = 1  # what a flow is measured against where nothing rested


class Flow(NamedTuple):
    """Columns of the `flow` table as numbers, its seconds, and which of `parts` each row is of."""

    columns: dict[str, Ints]
    seconds: Ints
    part: Ints


def bands(flow: pl.DataFrame, session: Session) -> pl.DataFrame:
    """Columns end with side and band: `can_b_touch`. Rates are per lot that rested when the second began."""
    names = (*LOTS.values(), *COUNTS.values(), "depth_start", "depth_end")
    columns = {name: flow[name].to_numpy().astype(np.int64, copy=False) for name in names}
    side, band = flow["side"].cast(pl.Enum(SIDES.values())), flow["band"].cast(pl.Enum(BANDS))
    part = side.to_physical().to_numpy().astype(np.int64) * len(BANDS) + band.to_physical().to_numpy()
    numbers = Flow(columns, session.of(flow), part)
    return pl.DataFrame(
        {
            f"{name}_{side}_{band}": column
            for n, (side, band) in enumerate(parts())
            for name, column in _band(numbers, n, session.rows).items()
        }
    )


def parts() -> Iterator[tuple[str, str]]:
    return ((side, band) for side in SIDES for band in BANDS)


def _band(flow: Flow, part: int, length: int) -> dict[str, Ints | Floats]:
    rows = np.flatnonzero(flow.part == part)
    seconds = flow.seconds[rows]
    flows = {
        name: sums(seconds, flow.columns[column][rows], length) for name, column in (LOTS | COUNTS).items()
    }
    end = _depth(flow, rows, seconds, length)
    start = end - flows["add"] + flows["can"] + flows["fil"] - flows["shift"]
    rates = {f"{name}_int": flows[name] / (start + ONE_LOT) for name in ("add", "can", "fil")}
    rates["liq_vel"] = rates["add_int"] - rates["can_int"] - rates["fil_int"]
    return flows | {"depth_start": start, "depth_end": end} | rates


def _depth(flow: Flow, rows: Ints, seconds: Ints, length: int) -> Ints:
    """Depth at the end of every second. Before the first row, the depth it began with."""
    if not len(rows):
        return np.zeros(length, np.int64)
    starts, ends = (flow.columns[name][rows] for name in ("depth_start", "depth_end"))
    first = int(np.searchsorted(seconds, 0))
    before = starts[first] if first < len(rows) else ends[-1]
    seen = see(seconds, length)
    return np.where(seen.row >= 0, ends[np.maximum(seen.row, 0)], before)
