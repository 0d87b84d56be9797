"""One delivery, file by file, as tables: what is in its files, record for record, and what was refused of it."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from lakeflow.vendors.databento.delivery import Delivery, refuse_stranger
from lakeflow.vendors.databento.directory import Codes, Directory
from lakeflow.vendors.databento.header import read_header
from lakeflow.vendors.databento.orders import Columns, columns, table, take
from lakeflow.vendors.databento.overlap import Overlap
from lakeflow.vendors.databento.records import Chunk, chunks
from lakeflow.vendors.databento.repeats import memory
from lakeflow.vendors.databento.tables import TABLES
from lakeflow.vendors.databento.verdict import OUTSIDE, Known, Verdict, above_zero, judge, outside, refusals

BESIDE = tuple(TABLES)
Frames = dict[str, pl.DataFrame | int]


class Shard(NamedTuple):
    """One file of a delivery and the symbols in it."""

    path: Path
    directory: Directory


class Delivered:
    """The files of one product, parent and date, which each file must be of; `origin` is who refuses records."""

    def __init__(self, files: Sequence[Path], expected: Delivery, origin: str) -> None:
        self._expected = expected
        self._day = date.fromisoformat(expected.dt)
        self._origin = origin
        self._shards: dict[str, list[Shard]] = {}
        self._defined: list[npt.NDArray[np.uint32]] = []
        for path in files:
            header = read_header(path)
            refuse_stranger(path, header, expected)
            self._shards.setdefault(header.schema or "mixed", []).append(Shard(path, Directory(path, header)))

    def tables(self) -> Iterator[Frames]:
        """Every record once, in a table or in `rejects`; definitions first, since they say what the others are about."""
        for schema in BESIDE:
            yield from self._beside(schema)
        yield from self._orders()

    def _beside(self, schema: str) -> Iterator[Frames]:
        first_row = 0
        for shard in self._shards.get(schema, ()):
            for chunk in chunks(shard.path, schema):
                rows = chunk.rows
                codes = shard.directory.codes(rows["instrument_id"], rows["ts_recv"])
                verdict = np.where(outside(rows["ts_recv"], self._day), np.uint8(OUTSIDE), np.uint8(0))
                kept = verdict == 0
                frame = TABLES[schema](rows[kept], codes[kept], shard.directory.symbols)
                numbers = pl.Series("row", first_row + np.flatnonzero(kept), pl.Int64)
                yield self._frames(
                    schema, frame.insert_column(0, numbers), shard, chunk, (verdict, codes, first_row)
                )
                if schema == "definition":
                    self._defined.append(np.unique(rows["instrument_id"]))
                first_row += len(rows)

    def _orders(self) -> Iterator[Frames]:
        first_row, seen, overlap = 0, memory(), Overlap()
        shards = self._shards.get("mbo", [])
        for shard in shards:
            known = self._known(shard)
            for chunk in chunks(shard.path, "mbo"):
                of = columns(chunk.rows)
                if len(shards) > 1:
                    overlap.refuse(shard.path, chunk.offset, of)
                codes = shard.directory.codes(of.instrument_id, of.ts_recv)
                verdict = judge(of, codes, known, seen)
                frame = _kept(of, codes, verdict, first_row, shard.directory.symbols)
                yield self._frames("orders", frame, shard, chunk, (verdict, codes, first_row))
                first_row += len(chunk.rows)

    def _known(self, shard: Shard) -> Known:
        defined = np.unique(np.concatenate(self._defined)) if self._defined else None
        return Known(self._day, defined, above_zero(self._expected.product_type, shard.directory.symbols))

    def _frames(
        self, name: str, frame: pl.DataFrame, shard: Shard, chunk: Chunk, refused: tuple[Verdict, Codes, int]
    ) -> Frames:
        verdict, codes, first_row = refused
        made: Frames = {name: frame, "read": len(chunk.rows)}
        if verdict.any():
            symbols = shard.directory.symbols
            found = [symbols[code] if code >= 0 else None for code in codes[verdict > 0].tolist()]
            made["rejects"] = refusals(shard.path, chunk, verdict, (name, self._origin, first_row), found)
        return made


def _kept(of: Columns, codes: Codes, verdict: Verdict, first_row: int, symbols: list[str]) -> pl.DataFrame:
    """The rows that nothing speaks against, each with its symbol and its number among all records of the delivery."""
    rows = np.arange(first_row, first_row + len(codes))
    if verdict.any():
        good = verdict == 0
        of, codes, rows = take(of, good), codes[good], rows[good]
    symbol = pl.Series("symbol", codes.astype(np.uint32)).cat.to(pl.Enum(symbols))
    return table(of, rows).with_columns(symbol)
