"""How far a file goes: the stretch of a day that its header promises, up to the last record where the vendor stopped at a limit."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from lakeflow.vendors.databento.codes import UNDEF_TIMESTAMP
from lakeflow.vendors.databento.directory import DAY_NS, EPOCH
from lakeflow.vendors.databento.header import Header
from lakeflow.vendors.databento.records import Chunk

TIME = pl.Datetime("ns", "UTC")


class Reach:
    """Watches a file being read, whole: of all its days and parents."""

    def __init__(self, name: str, header: Header, *, is_told: bool) -> None:
        """`is_told` where the file has a header; what is made up for one without tells nothing of what was asked for."""
        self._name = name
        self._header = header
        self._is_told = is_told
        self._records = 0
        self._last = 0

    def watched(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        """The same chunks, counted as they pass."""
        for chunk in chunks:
            received = chunk.rows["ts_recv"]
            self._records += len(received)
            self._last = max(self._last, int(received.max(initial=0, where=received != UNDEF_TIMESTAMP)))
            yield chunk

    def rows(self, day: date, symbols: list[str]) -> pl.DataFrame:
        """A row for each of the symbols: from when to when the file has that day of it."""
        start, end = self._stretch((day - EPOCH).days * DAY_NS)
        return pl.DataFrame({"raw_symbol": pl.Series(symbols, dtype=pl.String)}).with_columns(
            vendor_dataset=pl.lit(self._header.dataset),
            file=pl.lit(self._name),
            ts_start=pl.lit(start, pl.Int64).cast(TIME),
            ts_end=pl.lit(end, pl.Int64).cast(TIME),
            is_limited=self._is_limited,
        )

    @property
    def _is_limited(self) -> bool:
        limit = self._header.limit
        return limit is not None and self._records >= limit

    def _stretch(self, midnight: int) -> tuple[int, int]:
        first, last = midnight, midnight + DAY_NS
        if not self._is_told:
            return first, last
        ends = [last, *filter(None, [self._header.end]), *([self._last + 1] if self._is_limited else [])]
        start, end = max(first, self._header.start), min(ends)
        return (start, end) if start < end else (first, first)
