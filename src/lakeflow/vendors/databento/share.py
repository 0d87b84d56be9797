"""Of a file that is of several days or parents, the records that one delivery has of it: every record has one delivery."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lakeflow.vendors.databento.delivery import Delivery, deliveries, parents_of, product_named
from lakeflow.vendors.databento.directory import DAY_NS, EPOCH, UNKNOWN, Directory, Page
from lakeflow.vendors.databento.header import Header
from lakeflow.vendors.databento.records import Chunk, Records

Yes = npt.NDArray[np.bool_]


class Share:
    """A record is of its parent on its own date; of an unknown instrument, of the first parent there.

    One of a date that the file does not promise is of the file's first delivery, which refuses it.
    """

    def __init__(self, path: Path, header: Header, directory: Directory, own: Delivery) -> None:
        found = deliveries(path, header)
        parents = parents_of(header, product_named(own.product_type))
        self.is_all = found == [own]
        self._directory = directory
        self._day = _number(own.dt)
        is_own = [parents[symbol] == own.symbol for symbol in directory.symbols]
        self._is_own = np.array([*is_own, False], np.bool_)  # the last one is what UNKNOWN leads to
        self._has_unknown = own == next(each for each in found if each.dt == own.dt)
        self._has_strays = own == found[0]
        self._days = np.array(sorted({_number(each.dt) for each in found}), np.uint64)

    def among(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        """The delivery's own records, with their places; a chunk without any is left out."""
        if self.is_all:
            yield from chunks
            return
        for chunk in chunks:
            places = np.flatnonzero(self._mine(chunk.rows))
            if len(places):
                yield Chunk(chunk.offset, _picked(chunk.rows, places), places)

    def page(self, page: Page) -> Page:
        """What a directory's page tells of the delivery's own parent."""
        if self.is_all:
            return page
        own = self._is_own[page.codes]
        return Page(page.ids[own], page.codes[own])

    def _mine(self, rows: Records) -> Yes:
        days = rows["ts_recv"] // np.uint64(DAY_NS)
        mine: Yes = days == np.uint64(self._day)
        if mine.any():
            codes = self._directory.codes(rows["instrument_id"][mine], rows["ts_recv"][mine])
            mine[mine] = np.where(codes == UNKNOWN, self._has_unknown, self._is_own[codes])
        if self._has_strays:
            mine |= ~np.isin(days, self._days)
        return mine


def _picked(rows: Records, places: npt.NDArray[np.int64]) -> Records:
    """Some records as bytes, which is faster than field by field."""
    raw = rows.view(np.dtype((np.void, rows.dtype.itemsize)))
    return raw[places].view(rows.dtype)


def _number(dt: str) -> int:
    return (date.fromisoformat(dt) - EPOCH).days
