"""The seconds of a session: where they start, which second a time falls into. Open is included, close is not."""

from datetime import datetime
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Ints

SECOND = 1_000_000_000
DAY_NS = 86_400 * SECOND
TIME = pl.Datetime("ns", "UTC")


class Session(NamedTuple):
    """Nanoseconds of UTC. Whatever the data say, the grid has one row for each second between the two."""

    open_ns: int
    close_ns: int

    @classmethod
    def between(cls, opened: datetime, closed: datetime) -> "Session":
        """Of two times with a zone; sessions open and close on whole seconds."""
        return cls(int(opened.timestamp()) * SECOND, int(closed.timestamp()) * SECOND)

    @property
    def rows(self) -> int:
        return (self.close_ns - self.open_ns) // SECOND

    def seconds(self, times_ns: Ints) -> Ints:
        """The second each time falls into; below 0 before the open, `rows` or more from the close on."""
        return np.floor_divide(times_ns - self.open_ns, SECOND)

    def of(self, table: pl.DataFrame) -> Ints:
        """The second that every row of a silver table counts in: its own, or the receipt's. Neither ever goes back."""
        when = "ts_second" if "ts_second" in table.columns else "ts_recv"
        return self.seconds(np.maximum.accumulate(times_ns(table[when])))

    def times(self) -> pl.DataFrame:
        """The start of every second, its number from 0, and its end, from which on the row is known."""
        sec = pl.int_range(self.rows, eager=True)
        starts = self.open_ns + SECOND * sec
        known = starts + SECOND
        return pl.DataFrame({"ts_second": starts.cast(TIME), "sec": sec, "ts_known": known.cast(TIME)})

    @property
    def midnights(self) -> list[int]:
        """Seconds of the session with which a UTC date begins, at which a day's file ends and the next begins."""
        first = self.open_ns // DAY_NS + 1
        return [
            (day * DAY_NS - self.open_ns) // SECOND for day in range(first, (self.close_ns - 1) // DAY_NS + 1)
        ]


def times_ns(column: pl.Series) -> Ints:
    """A column of times as nanoseconds."""
    return column.cast(TIME).to_physical().to_numpy().astype(np.int64, copy=False)
