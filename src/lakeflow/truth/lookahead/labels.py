"""What is to be told: the change of the mid in ticks after so many seconds, null where it cannot be known."""

from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats, Ints

MAX_AGE = 2


class Quoted(NamedTuple):
    """The seconds of a session: the carried mid, its age (-1 before the first), and where it is halted or rolls."""

    mid: Floats
    age: Ints
    broken: Bools


def labels(quoted: Quoted, horizon: int, tick: float) -> Floats:
    """Ticks from the end of each second; never across a break or the session's end, nor from or to an old mid."""
    out = np.full(len(quoted.mid), np.nan)
    if horizon >= len(out):
        return out
    breaks = np.concatenate([[0], np.cumsum(quoted.broken)])
    whole = breaks[horizon + 1 :] == breaks[: -horizon - 1]
    fresh = (quoted.age >= 0) & (quoted.age <= MAX_AGE)
    known = whole & fresh[:-horizon] & fresh[horizon:]
    moved = (quoted.mid[horizon:] - quoted.mid[:-horizon]) / tick
    out[:-horizon] = np.where(known, moved, np.nan)
    return out


def classes(ticks: Floats, flat_band: float = 0.5) -> Ints:
    """0 down, 1 flat, 2 up; flat is a move of less than the band. Labels must be known."""
    return np.asarray(1 + np.sign(ticks) * (np.abs(ticks) >= flat_band), np.int64)
