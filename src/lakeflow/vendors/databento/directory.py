"""Which symbol an instrument id stood for on a UTC date, as a file's header says."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lakeflow.vendors.databento.header import Header
from lakeflow.vendors.errors import DamagedFile, ForeignFile

DAY_NS = 86_400_000_000_000
EPOCH = date(1970, 1, 1)
UNKNOWN = -1

Codes = npt.NDArray[np.int32]


class Page(NamedTuple):
    """One day of the directory: ids ascending, and the place of each one's symbol among all symbols."""

    ids: npt.NDArray[np.uint32]
    codes: Codes


class Directory:
    """The symbols of a file, and for any day the ids that stood for them; an id may pass to another symbol."""

    def __init__(self, path: Path, header: Header) -> None:
        if header.stype_out != "instrument_id" or header.stype_in not in ("raw_symbol", "parent"):
            raise ForeignFile(
                path,
                8,
                "symbols mapped from raw_symbol or parent to instrument_id",
                f"{header.stype_in} to {header.stype_out}",
                "download it with stype_in parent or raw_symbol",
            )
        self.symbols = sorted(header.mappings)
        self._path = path
        self._header = header
        self._pages: dict[int, Page] = {}

    def codes(self, ids: npt.NDArray[np.uint32], received: npt.NDArray[np.uint64]) -> Codes:
        """The place in `symbols` of each record's symbol on its own date; UNKNOWN where the header has none."""
        if not len(ids):
            return np.empty(0, np.int32)
        first, last = int(received.min()) // DAY_NS, int(received.max()) // DAY_NS
        if first == last:
            return _look_up(self._page(first), ids)
        days = received // np.uint64(DAY_NS)
        found = np.full(len(ids), UNKNOWN, np.int32)
        for day in np.unique(days):
            found[days == day] = _look_up(self._page(int(day)), ids[days == day])
        return found

    def on(self, day: date) -> dict[int, str]:
        """Every id that the header knows on a date, with its symbol."""
        found: dict[int, str] = {}
        for instrument_id, symbol in self._entries(day):
            if found.setdefault(instrument_id, symbol) != symbol:
                twice = f"{found[instrument_id]} and {symbol}"
                raise DamagedFile(
                    self._path,
                    8,
                    f"one symbol for id {instrument_id} on {day}",
                    twice,
                    "download the file again",
                )
        return found

    def _entries(self, day: date) -> Iterator[tuple[int, str]]:
        for symbol, intervals in self._header.mappings.items():
            for start, end, instrument_id in intervals:
                if start <= day < end and instrument_id.isdigit():
                    yield int(instrument_id), symbol

    def page(self, day: date) -> Page:
        """The directory of one day."""
        return self._page((day - EPOCH).days)

    def _page(self, day: int) -> Page:
        if day not in self._pages:
            self._pages[day] = self._page_of(day)
        return self._pages[day]

    def _page_of(self, day: int) -> Page:
        known = (
            self.on(EPOCH + timedelta(days=day)) if day < 2_900_000 else {}
        )  # the last day that a date can hold
        places = {symbol: place for place, symbol in enumerate(self.symbols)}
        entries = sorted(known.items())
        ids = np.array([instrument_id for instrument_id, _ in entries], np.uint32)
        return Page(ids, np.array([places[symbol] for _, symbol in entries], np.int32))


def _look_up(page: Page, ids: npt.NDArray[np.uint32]) -> Codes:
    if not len(page.ids):
        return np.full(len(ids), UNKNOWN, np.int32)
    places = np.minimum(np.searchsorted(page.ids, ids), len(page.ids) - 1)
    found: Codes = np.where(page.ids[places] == ids, page.codes[places], np.int32(UNKNOWN))
    return found
