"""One delivery, file by file, as tables: what is in its files, record for record, and what was refused of it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.vendors.databento.defined import Defined
from lakeflow.vendors.databento.delivery import Delivery, refuse_stranger
from lakeflow.vendors.databento.directory import Directory
from lakeflow.vendors.databento.header import read_header
from lakeflow.vendors.databento.orders import Places, words
from lakeflow.vendors.databento.overlap import Overlap
from lakeflow.vendors.databento.reach import Reach
from lakeflow.vendors.databento.records import BLOCK, Chunk, blocks, chunks
from lakeflow.vendors.databento.refused import Refused
from lakeflow.vendors.databento.repeats import memory
from lakeflow.vendors.databento.share import Share
from lakeflow.vendors.databento.stream import is_parquet
from lakeflow.vendors.databento.tables import TABLES
from lakeflow.vendors.databento.trays import Trays
from lakeflow.vendors.databento.verdict import Judged, Known, Verdict, judge, judge_beside

BESIDE = tuple(TABLES)
EVERY = np.arange(BLOCK)
Frames = dict[str, pl.DataFrame | int]


class Shard(NamedTuple):
    """One file of a delivery, the vendor's dataset it is from, the symbols in it, what the delivery has of it, how far it goes."""

    path: Path
    dataset: str
    directory: Directory
    share: Share
    reach: Reach


class Delivered:
    """The files of one product, parent and date, which each file must be of; `origin` is who refuses records."""

    def __init__(self, files: Sequence[Path], expected: Delivery, origin: str) -> None:
        self._day = date.fromisoformat(expected.dt)
        self._refused = Refused(origin)
        self._defined: dict[str, Defined] = defaultdict(lambda: Defined(expected.product_type))  # by dataset
        self._shards: dict[str, list[Shard]] = {}
        for path in sorted(files, key=lambda file: file.name):
            header = read_header(path)
            refuse_stranger(path, header, expected)
            directory = Directory(path, header)
            share = Share(path, header, directory, expected)
            reach = Reach(path.name, header, is_told=not is_parquet(path))
            shard = Shard(path, header.dataset, directory, share, reach)
            self._shards.setdefault(header.schema or "mixed", []).append(shard)

    def tables(self) -> Iterator[Frames]:
        """Every record once, in a table or in `rejects`; definitions first, since they say what the others are about."""
        for schema in BESIDE:
            yield from self._beside(schema)
        yield from self._orders()
        for frame in self._refused.rest():
            yield {"rejects": frame}

    def _beside(self, schema: str) -> Iterator[Frames]:
        first_row = 0
        for shard in self._shards.get(schema, ()):
            for chunk in shard.share.among(chunks(shard.path, schema)):
                rows = chunk.rows
                codes = shard.directory.codes(rows["instrument_id"], rows["ts_recv"])
                verdict = judge_beside(rows, self._day)
                kept = verdict == 0
                frame = TABLES[schema](rows[kept], codes[kept], shard.directory.symbols)
                numbers = pl.Series("row", first_row + np.flatnonzero(kept), pl.Int64)
                yield {schema: frame.insert_column(0, numbers), "read": len(rows)}
                if not kept.all():
                    yield from self._refuse(shard, chunk, verdict, (schema, first_row))
                if schema == "definition":
                    self._defined[shard.dataset].add(rows[kept])
                first_row += len(rows)

    def _orders(self) -> Iterator[Frames]:
        first_row, seen, trays = 0, memory(), Trays()
        overlaps: dict[str, Overlap] = defaultdict(Overlap)  # an id means an instrument in one dataset only
        shards, listed = self._shards.get("mbo", []), set[str]()
        for shard in shards:
            known = self._known(shard)
            listed.update(shard.directory.symbols[code] for code in known.codes[known.defined].tolist())
            for chunk in shard.share.among(shard.reach.watched(blocks(shard.path, "mbo"))):
                if len(shards) > 1:
                    overlaps[shard.dataset].refuse(shard.path, chunk.offset, chunk.rows)
                judged = judge(chunk.rows, known, seen)
                for symbol, chosen in _chosen(judged, shard.directory.symbols):
                    for frame in trays.put(symbol, words(chunk.rows), chosen, first_row):
                        yield {"orders": frame}
                if judged.refused:
                    yield from self._refuse(shard, chunk, judged.verdict, ("orders", first_row))
                first_row += len(chunk.rows)
            names = sorted({shard.directory.symbols[code] for code in known.codes.tolist()})
            yield {"coverage": shard.reach.rows(self._day, names)}
        yield {"read": first_row}
        for frame in chain(trays.rest(), trays.unused(listed)):  # a listed day without an order is a day
            yield {"orders": frame}

    def _known(self, shard: Shard) -> Known:
        page, symbols = shard.share.page(shard.directory.page(self._day)), shard.directory.symbols
        defined, above_zero = self._defined[shard.dataset].on(page, symbols)
        return Known(self._day, page.ids, page.codes, defined, above_zero)

    def _refuse(
        self, shard: Shard, chunk: Chunk, verdict: Verdict, place: tuple[str, int]
    ) -> Iterator[Frames]:
        rows, symbols = chunk.rows[np.flatnonzero(verdict)], shard.directory.symbols
        codes = shard.directory.codes(rows["instrument_id"], rows["ts_recv"])
        names = [symbols[code] if code >= 0 else None for code in codes.tolist()]
        for frame in self._refused.put(shard.path, chunk, verdict, place, names):
            yield {"rejects": frame}


def _chosen(judged: Judged, symbols: list[str]) -> Iterator[tuple[str, Places]]:
    """The places of each symbol's records that nothing speaks against, in their order."""
    codes = judged.codes
    if judged.first >= 0 and not judged.refused:
        yield symbols[judged.first], EVERY[: len(codes)]
        return
    places = np.argsort(codes, kind="stable") if judged.first < 0 else EVERY[: len(codes)]
    places = places[judged.verdict[places] == 0]
    borders = np.flatnonzero(np.diff(codes[places])) + 1
    for part in np.split(places, borders):
        if len(part):
            yield symbols[codes[part[0]]], part
