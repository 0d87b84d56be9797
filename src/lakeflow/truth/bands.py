"""Orders added, cancelled and filled in every second near the best of each side, from the `flow` table."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Bools, Floats, Ints, plain
from lakeflow.truth.compiled import kernel
from lakeflow.truth.fills import sums
from lakeflow.truth.session import Session

SIDES = {"b": "B", "a": "A"}
BANDS = ("touch", "near", "deep")
LOTS = {"add": "add", "can": "cancel", "fil": "fill", "mod": "modified", "shift": "shift"}
COUNTS = {"n_add": "adds", "n_can": "cancels", "n_fil": "fills", "n_mod": "modifies"}
FLOWS = LOTS | COUNTS
ONE_LOT = 1  # what a flow is measured against where nothing rested


class Rows(NamedTuple):
    """Rows of the `flow` table: the second of each, which of `parts` it is of, and what rested at its end."""

    seconds: Ints
    part: Ints
    end: Ints


class Depth(NamedTuple):
    """By part and second: lots at the end, and whether they are known: there was a row, not too long ago."""

    end: Ints
    known: Bools


def bands(flow: pl.DataFrame, session: Session, max_stale: int = 60) -> pl.DataFrame:
    """Columns end with side and band: `can_b_touch`. Rates are per lot that rested when the second began.

    Depths are states: null before the first row of the session and `max_stale` seconds after the last.
    """
    side, band = flow["side"].cast(pl.Enum(SIDES.values())), flow["band"].cast(pl.Enum(BANDS))
    part = side.to_physical().to_numpy().astype(np.int64) * len(BANDS) + band.to_physical().to_numpy()
    rows = Rows(plain(session.of(flow)), plain(part), whole(flow["depth_end"]))
    shape = (len(SIDES) * len(BANDS), session.rows)
    places = np.where(
        (rows.seconds >= 0) & (rows.seconds < shape[1]), rows.part * shape[1] + rows.seconds, -1
    )
    flows = {
        name: sums(places, whole(flow[column]), shape[0] * shape[1]).reshape(shape)
        for name, column in FLOWS.items()
    }
    depth = Depth(np.zeros(shape, np.int64), np.zeros(shape, np.bool_))
    rest(rows, max_stale, depth)
    return pl.DataFrame(
        {
            f"{name}_{side}_{band}": column
            for n, (side, band) in enumerate(parts())
            for name, column in _band(
                {name: each[n] for name, each in flows.items()}, depth.end[n], depth.known[n]
            ).items()
        }
    )


def parts() -> Iterator[tuple[str, str]]:
    return ((side, band) for side in SIDES for band in BANDS)


def whole(column: pl.Series) -> Ints:
    return np.asarray(plain(column.to_numpy().astype(np.int64, copy=False)))


def _band(flows: dict[str, Ints], end: Ints, known: Bools) -> dict[str, Ints | Floats | pl.Series]:
    """A second whose depth is not known had no row, so no flows: its rates are 0, as theirs are."""
    start = end - flows["add"] + flows["can"] + flows["fil"] - flows["shift"]
    rates = {f"{name}_int": flows[name] / (start + ONE_LOT) for name in ("add", "can", "fil")}
    rates["liq_vel"] = rates["add_int"] - rates["can_int"] - rates["fil_int"]
    unknown = pl.Series(~known)
    depths = {
        "depth_start": pl.Series(start).set(unknown, None),
        "depth_end": pl.Series(end).set(unknown, None),
    }
    return flows | depths | rates


@kernel
def rest(rows: Any, max_stale: Any, out: Any) -> None:
    """Carries the depth at the end of a row forwards, never backwards, and from no row before the open."""
    parts, length = out.end.shape
    for i in range(len(rows.seconds)):
        second, part = rows.seconds[i], rows.part[i]
        if 0 <= second < length:
            out.end[part, second], out.known[part, second] = rows.end[i], True
    for part in range(parts):
        depth, age = 0, max_stale
        for second in range(length):
            if out.known[part, second]:
                depth, age = out.end[part, second], 0
            else:
                age += 1
            out.end[part, second], out.known[part, second] = depth, age <= max_stale
