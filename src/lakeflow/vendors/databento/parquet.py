"""Records that were kept as Parquet, as the vendor's `to_parquet` writes them with fixed prices: the same records again.

A Parquet file has no DBN header: what one says is told from its rows and columns. An offset is a row's number times the bytes of
a record, where it would stand among its like.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lakeflow.vendors.databento.codes import RTYPES, UNDEF_TIMESTAMP
from lakeflow.vendors.databento.header import Header, Interval
from lakeflow.vendors.databento.parquet_fields import AGAIN, Kind, Place, kind_of, values
from lakeflow.vendors.databento.schemas import LAYOUTS, VERSIONS
from lakeflow.vendors.databento.stream import DOWNLOAD
from lakeflow.vendors.errors import DamagedFile, ForeignFile, StrangeFile

SCHEMAS = ("mbo", "definition", "statistics", "status", "trades")
NS_A_DAY = 86_400 * 10**9
EPOCH = date(1970, 1, 1)
SHOWN = ["symbol", "instrument_id", "day"]
TOLD = ["rtype", "publisher_id", "instrument_id", "symbol", "ts_recv"]


def parquet_header(path: Path) -> Header:
    """What the header of the file would say: schema, dataset, symbols with their ids, and the time that the rows cover."""
    kind = _kind(path)
    told: set[tuple[str | None, int, int]] = set()
    publishers: set[int] = set()
    first, last = UNDEF_TIMESTAMP, 0
    for batch in _batches(path, kind, TOLD, 1 << 20):
        times = values(Place(path, 0, kind.layout, "ts_recv"), batch.column("ts_recv"))
        first, last = min(first, int(times.min())), max(last, int(times.max()))
        publishers |= set(pc.unique(batch.column("publisher_id")).to_pylist())
        days = pa.array((times // NS_A_DAY).astype(np.int64))
        rows = pa.table([batch["symbol"], batch["instrument_id"], days], names=SHOWN)
        told |= {tuple(row.values()) for row in rows.group_by(SHOWN).aggregate([]).to_pylist()}
    if not publishers or None in {symbol for symbol, _, _ in told}:
        found = "a row without one" if publishers else "no rows"
        raise ForeignFile(path, 0, "rows with their symbol", found, AGAIN)
    known: dict[str, tuple[Interval, ...]] = {}
    for symbol, instrument_id, number in sorted(told):
        day = EPOCH + timedelta(days=number)
        own = Interval(day, day + timedelta(days=1), str(instrument_id))
        known[str(symbol)] = (*known.get(str(symbol), ()), own)
    dataset = _dataset(path, publishers)
    return Header(
        kind.version,
        dataset,
        kind.schema,
        first,
        last + 1,
        None,
        "raw_symbol",
        "instrument_id",
        symbols=tuple(known),
        mappings=known,
    )


def parquet_blocks(path: Path, schema: str, rows: int) -> Iterator[tuple[int, npt.NDArray[np.void]]]:
    """The records, at most so many at a time, each block with its offset; the memory is used again for the next."""
    kind = _kind(path)
    if kind.schema != schema:
        raise ForeignFile(path, 0, f"schema {schema}", kind.schema, "deliver one schema a file")
    layout, names = kind.layout, kind.names
    block, offset = np.zeros(rows, layout.dtype), 0
    block["length"] = layout.dtype.itemsize // 4
    for batch in _batches(path, kind, names, rows):
        part = block[: batch.num_rows]
        for name in names:
            part[name] = values(Place(path, offset, layout, name), batch.column(name))
        yield offset, part
        offset += part.nbytes


def _kind(path: Path) -> Kind:
    """What the first row is, and the version whose columns these are; that all rows are alike is seen as they are read."""
    with _clearly(path), pq.ParquetFile(path) as file:
        if "rtype" not in file.schema_arrow.names:
            raise StrangeFile(path, 0, "the columns that to_parquet writes of records", "no rtype", AGAIN)
        first = next(file.iter_batches(1, columns=["rtype"]), None)
        if first is None or not first.num_rows:
            raise ForeignFile(path, 0, "rows with their symbol", "no rows", AGAIN)
        rtype = first.column(0)[0].as_py()
        schemas = [schema for schema in SCHEMAS if LAYOUTS[schema][VERSIONS[-1]].rtype == rtype]
        if not schemas:
            found = RTYPES.get(rtype, f"record type {rtype}")
            raise ForeignFile(path, 0, f"records of one of {sorted(SCHEMAS)}", found, "deliver one of those")
        return kind_of(path, file.schema_arrow, schemas[0])


def _batches(path: Path, kind: Kind, names: list[str], rows: int) -> Iterator[pa.RecordBatch]:
    layout, offset = kind.layout, 0
    with _clearly(path), pq.ParquetFile(path) as file:
        for batch in file.iter_batches(rows, columns=names):
            strange = pc.index(pc.equal(batch.column("rtype"), layout.rtype), value=False).as_py()
            if strange >= 0:
                rtype = batch.column("rtype")[strange].as_py()
                found = RTYPES.get(rtype, f"record type {rtype}")
                at = offset + strange * layout.dtype.itemsize
                raise ForeignFile(path, at, f"{kind.schema} records", found, "deliver one schema a file")
            yield batch
            offset += batch.num_rows * layout.dtype.itemsize


@contextmanager
def _clearly(path: Path) -> Iterator[None]:
    """A file that Parquet's own reader refuses, in our words."""
    try:
        yield
    except (pa.ArrowInvalid, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise DamagedFile(path, 0, "Parquet as it was written", str(error), DOWNLOAD) from error


def _dataset(path: Path, publishers: set[int]) -> str:
    """The one dataset that these publishers are of."""
    from databento.common.publishers import Publisher  # the vendor's own list, which grows

    try:
        datasets = sorted({str(Publisher.from_int(each).dataset) for each in publishers})
    except ValueError as error:
        raise ForeignFile(path, 0, "publishers that the vendor lists", str(error), AGAIN) from error
    if len(datasets) != 1:
        raise ForeignFile(path, 0, "records of one dataset", ", ".join(datasets), AGAIN)
    return datasets[0]
