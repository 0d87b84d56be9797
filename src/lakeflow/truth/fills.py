"""What fills a second: a state is carried, a flow is summed, a flag is off where nothing sets it."""

from typing import Any, NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Bools, Floats, Ints, plain
from lakeflow.truth.compiled import kernel
from lakeflow.truth.session import SECOND, Session

NONE = -1  # no observation yet


class Seen(NamedTuple):
    """For each second: the row that was seen last, whether it was seen in this second, and how many seconds ago."""

    row: Ints
    obs: Bools
    age: Ints

    def fresh(self, max_stale: int) -> Bools:
        """Seconds in which the last value still counts."""
        fresh: Bools = (self.row != NONE) & (self.age <= max_stale)
        return fresh

    def floats(self, values: Floats, max_stale: int) -> Floats:
        """The state at the end of every second, NaN before the first value and after `max_stale` seconds."""
        if not len(values):
            return np.full(len(self.row), np.nan)
        return np.where(self.fresh(max_stale), values[np.maximum(self.row, 0)], np.nan)

    def series(self, values: pl.Series, max_stale: int) -> pl.Series:
        """The same for a column of any type, null for what is not known."""
        return self.frame(values.to_frame(), max_stale).to_series()

    def frame(self, table: pl.DataFrame, max_stale: int) -> pl.DataFrame:
        """The same for every column of a table."""
        if table.is_empty():
            return table.clear(len(self.row))
        rows = pl.Series(self.row).set(pl.Series(~self.fresh(max_stale)), None)
        return table.select(pl.all().gather(rows))

    def confirmed(self, obs: Bools) -> "Seen":
        """The same rows, seen again in the seconds of `obs` too: what changes nothing says that it still stands."""
        both = (self.obs | obs) & (self.row != NONE)
        return Seen(self.row, both, since(both))

    def ages(self) -> pl.Series:
        return pl.Series(self.age).set(pl.Series(self.age == NONE), None)


def heard(seconds: Ints, rows: int) -> Bools:
    """Seconds in which there was anything at all."""
    out = np.zeros(rows, np.bool_)
    out[seconds[(seconds >= 0) & (seconds < rows)]] = True
    return out


def since(obs: Bools) -> Ints:
    """Seconds since the last observation; -1 before the first."""
    places = np.arange(len(obs))
    last = np.maximum.accumulate(np.where(obs, places, NONE))
    return np.where(last == NONE, NONE, places - last)


def see_rows(starts: Ints) -> Seen:
    """The same of a table whose first row of every second is known."""
    ends, obs = starts[1:], np.diff(starts) > 0
    return Seen(np.where(ends > starts[0], ends - 1, NONE), obs, since(obs))


def see(seconds: Ints, rows: int) -> Seen:
    """The last observation of every second. `seconds` never goes back; what lies outside the session is left out."""
    seen = Seen(np.full(rows, NONE, np.int64), np.zeros(rows, np.bool_), np.full(rows, NONE, np.int64))
    carry(plain(seconds), seen)
    return seen


@kernel
def carry(seconds: Any, out: Any) -> None:
    rows = len(out.row)
    for i in range(len(seconds)):
        if 0 <= seconds[i] < rows:
            out.row[seconds[i]] = i
            out.obs[seconds[i]] = True
    # last: the row that counts · since: when it was seen
    last, since = -1, 0
    for second in range(rows):
        if out.obs[second]:
            last, since = out.row[second], second
        if last >= 0:
            out.row[second] = last
            out.age[second] = second - since


def sums(seconds: Ints, lots: Ints, rows: int) -> Ints:
    """The sum in every second, 0 where nothing was seen; exact."""
    out = np.zeros(rows, np.int64)
    add_up(plain(seconds), plain(lots), out)
    return out


def counts(seconds: Ints, rows: int) -> Ints:
    return sums(seconds, np.ones(len(seconds), np.int64), rows)


@kernel
def add_up(seconds: Any, lots: Any, out: Any) -> None:
    for i in range(len(seconds)):
        if 0 <= seconds[i] < len(out):
            out[seconds[i]] += lots[i]


def touched(starts_ns: Ints, ends_ns: Ints, session: Session) -> Bools:
    """Seconds of which any of the spans has a part, be it a nanosecond; a span does not include its end."""
    ends = -np.floor_divide(session.open_ns - ends_ns, SECOND)
    return covered(session.seconds(starts_ns), ends, session.rows)


def covered(starts: Ints, ends: Ints, rows: int) -> Bools:
    """Seconds inside any of the spans of whole seconds, start included, end not: gaps, halts, auctions."""
    inside = (starts < rows) & (ends > 0) & (starts < ends)
    steps = np.zeros(rows + 1, np.int64)
    np.add.at(steps, np.clip(starts[inside], 0, rows), 1)
    np.add.at(steps, np.clip(ends[inside], 0, rows), -1)
    return np.cumsum(steps[:rows]) > 0
