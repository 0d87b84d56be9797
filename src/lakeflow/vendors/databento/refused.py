"""Refused records put by until they are a table: few blocks have any, and few of those have many."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from lakeflow.vendors.databento.records import Chunk
from lakeflow.vendors.databento.verdict import REASONS, Verdict

FULL = 16_384  # rows of one frame

REJECTS = {
    "meant_for": pl.String(),
    "reason": pl.String(),
    "origin": pl.String(),
    "symbol_found": pl.String(),
    "file": pl.String(),
    "byte_offset": pl.Int64(),
    "row": pl.Int64(),
    "record": pl.Binary(),
}
Row = tuple[str, str, str, str | None, str, int, int, bytes]


class Refused:
    """The refused records of one delivery as rows of `rejects`, byte for byte; `origin` is who refuses them."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._rows: list[Row] = []

    def put(
        self, path: Path, chunk: Chunk, verdict: Verdict, place: tuple[str, int], names: Sequence[str | None]
    ) -> Iterator[pl.DataFrame]:
        """Take a chunk's refused records; the frame that is full with them.

        `place` is the table they were meant for and the row number of the chunk's first record, `names` are their symbols.
        """
        (table, first_row), places = place, np.flatnonzero(verdict)
        offsets = chunk.offsets(places).tolist()
        for at, name, offset in zip(places.tolist(), names, offsets, strict=True):
            why = REASONS[int(verdict[at])]
            found = (
                table,
                why,
                self._origin,
                name,
                path.name,
                offset,
                first_row + at,
                chunk.rows[at].tobytes(),
            )
            self._rows.append(found)
        if len(self._rows) >= FULL:
            yield from self.rest()

    def rest(self) -> Iterator[pl.DataFrame]:
        """All that was put by."""
        if self._rows:
            yield pl.DataFrame(self._rows, schema=REJECTS, orient="row")
            self._rows = []
