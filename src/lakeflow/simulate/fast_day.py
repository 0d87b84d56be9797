"""A day of order records of any length, streamed: a trade date of futures until its close, and the evening of the next; or one of shares."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from lakeflow.simulate.acting import SHARES
from lakeflow.simulate.clock import MINUTE, events_on
from lakeflow.simulate.contracts import nanoseconds
from lakeflow.simulate.floor import Floor, Stretch
from lakeflow.simulate.pit import Pit, Seat, seed_of
from lakeflow.simulate.plain import Rows, vendors
from lakeflow.simulate.schedule import Hours, due, hours
from lakeflow.simulate.session import opened
from lakeflow.simulate.trade_dates import close_minute, following, trade_date


class ShareDay:
    """A day of shares stands alone: it begins with a clear."""

    def __init__(
        self, seats: tuple[Seat, ...], day: date, seed: int, *, hours: Hours, hazards: frozenset[str]
    ) -> None:
        key = seed_of("fast", seats, day.isoformat(), seed)
        self._midnight, self._hours = nanoseconds(day), hours
        self._floor = Floor(seats, key, self._midnight, hazards, SHARES)

    @property
    def pit(self) -> Pit:
        return self._floor.pit

    def records(self, events: int) -> Iterator[Rows]:
        """Every record of the day, in chunks; a closed day has none. May be asked for once."""
        all_day = Stretch(self._midnight, due(self._hours.busy, events), self._hours.opening)
        if not all_day.due.any():
            return
        yield vendors(self._floor.opening(self._midnight))
        for rows in self._floor.told(all_day, staged=True):
            yield vendors(rows)


class Seated(NamedTuple):
    """Who sits where before a close, and after it."""

    today: tuple[Seat, ...]
    tonight: tuple[Seat, ...]


class FutureDay:
    """A UTC date of futures: the books open as the evening before leaves them, and are made up anew at the close.

    They open for a trade date as follows from it and the seed alone, so that no day before that evening need be gone through.
    """

    def __init__(self, seated: Seated, day: date, seed: int, hazards: frozenset[str]) -> None:
        self._seated, self._day, self._seed, self._hazards = seated, day, seed, hazards
        self._floor = self._opened(seated.today, trade_date(day))

    @property
    def pit(self) -> Pit:
        return self._floor.pit

    def records(self, events: int) -> Iterator[Rows]:
        """Every record of the day, in chunks; a closed day has none. May be asked for once."""
        day, close, midnight = self._day, close_minute(self._day), nanoseconds(self._day)
        if not any(hours(day, self._hazards).busy):
            return
        if close:
            eve = day - timedelta(days=1)
            self._floor.go_through(self._evening(eve, events))
        yield vendors(self._floor.opening(midnight))
        if close:
            yield from map(vendors, self._floor.told(self._daytime(day, events), staged=True))
            sequence = int(self._floor.pit["sequence"])
            self._floor = self._opened(self._seated.tonight, following(day))
            yield vendors(self._floor.opening(midnight + (close + 1) * MINUTE, sequence))
        yield from map(vendors, self._floor.told(self._evening(day, events), staged=False))

    def _opened(self, seats: tuple[Seat, ...], on: date) -> Floor:
        key = seed_of("fast", seats, on.isoformat(), self._seed)
        return Floor(seats, key, opened(on), self._hazards)

    def _daytime(self, day: date, events: int) -> Stretch:
        whole = self._whole(day, events)
        whole.due[close_minute(day) :] = 0
        return whole

    def _evening(self, day: date, events: int) -> Stretch:
        whole = self._whole(day, events)
        whole.due[: close_minute(day)] = 0
        return whole

    def _whole(self, day: date, events: int) -> Stretch:
        busy = hours(day, self._hazards)
        return Stretch(nanoseconds(day), due(busy.busy, events_on(day, events)), busy.opening)
