"""Order records that were kept as Parquet, as the vendor's `to_parquet` writes them with fixed prices: the same records again.

A Parquet file has no DBN header: what one says is told from its rows. An offset in it is a row's number times 56, where the
record would stand among its like.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lakeflow.vendors.databento.codes import RTYPES, UNDEF_TIMESTAMP
from lakeflow.vendors.databento.header import Header, Interval, utc_day
from lakeflow.vendors.databento.layouts import MBO
from lakeflow.vendors.databento.stream import DOWNLOAD
from lakeflow.vendors.errors import DamagedFile, ForeignFile

RTYPE = 0xA0
LETTERS = ("action", "side")
NAMES = [name for name in MBO.names or () if name != "length"]
TOLD = ["rtype", "publisher_id", "instrument_id", "symbol", "ts_recv"]
AGAIN = 'write it again with to_parquet(price_type="fixed", map_symbols=True), or deliver the .dbn.zst itself'


def parquet_header(path: Path) -> Header:
    """What the header of the file would say: dataset, symbols with their ids, and the time that the rows cover."""
    symbols: dict[str, dict[int, None]] = {}
    publishers: set[int] = set()
    first, last = UNDEF_TIMESTAMP, 0
    for batch in _batches(path, TOLD, 1 << 20):
        times = _whole(batch.column("ts_recv"))
        first, last = min(first, int(times.min())), max(last, int(times.max()))
        publishers |= set(pc.unique(batch.column("publisher_id")).to_pylist())
        pairs = pa.table(batch.select(["symbol", "instrument_id"])).group_by(["symbol", "instrument_id"])
        for row in pairs.aggregate([]).to_pylist():
            symbols.setdefault(row["symbol"], {})[row["instrument_id"]] = None
    if not publishers or None in symbols:
        found = "a row without one" if publishers else "no rows"
        raise ForeignFile(path, 0, "rows with their symbol", found, AGAIN)
    day = utc_day(first)
    known = {
        symbol: tuple(Interval(day, day + timedelta(days=1), str(each)) for each in sorted(ids))
        for symbol, ids in sorted(symbols.items())
    }
    dataset = _dataset(path, publishers)
    return Header(
        3,
        dataset,
        "mbo",
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
    if schema != "mbo":
        raise ForeignFile(path, 0, f"schema {schema}", "a Parquet file", f"deliver {schema} as .dbn.zst")
    block, offset = np.zeros(rows, MBO), 0
    block["length"] = MBO.itemsize // 4
    for batch in _batches(path, NAMES, rows):
        part = block[: batch.num_rows]
        for name in NAMES:
            column = batch.column(name)
            part[name] = _letters(path, offset, name, column) if name in LETTERS else _whole(column)
        yield offset, part
        offset += len(part) * MBO.itemsize


def _batches(path: Path, names: list[str], rows: int) -> Iterator[pa.RecordBatch]:
    with _clearly(path), pq.ParquetFile(path) as file:
        _refuse_shape(path, file.schema_arrow, names)
        offset = 0
        for batch in file.iter_batches(rows, columns=names):
            strange = pc.index(pc.equal(batch.column("rtype"), RTYPE), value=False).as_py()
            if strange >= 0:
                rtype = batch.column("rtype")[strange].as_py()
                found = RTYPES.get(rtype, f"record type {rtype}")
                advice = "deliver other schemas as .dbn.zst"
                raise ForeignFile(path, offset + strange * MBO.itemsize, "mbo records", found, advice)
            yield batch
            offset += batch.num_rows * MBO.itemsize


def _refuse_shape(path: Path, found: pa.Schema, names: list[str]) -> None:
    """Prices as floats are not the vendor's: which integer one was, it no longer says."""
    missing = sorted({*names, "price"} - set(found.names))
    if missing:
        said = f"no {', '.join(missing)}"
        raise ForeignFile(path, 0, "the columns that to_parquet writes of mbo records", said, AGAIN)
    price = found.field("price").type
    if price != pa.int64():
        raise ForeignFile(
            path, 0, "price as int64, exact in units of 1e-9", f"{price}, which is rounded", AGAIN
        )
    for name in set(names) - {"price", "symbol", *LETTERS}:
        kind, expected = found.field(name).type, pa.from_numpy_dtype(MBO[name])
        if kind != expected and not (name.startswith("ts_") and kind == pa.timestamp("ns", "UTC")):
            raise ForeignFile(path, 0, f"{name} as {expected}", str(kind), AGAIN)


@contextmanager
def _clearly(path: Path) -> Iterator[None]:
    """A file that Parquet's own reader refuses, in our words."""
    try:
        yield
    except (pa.ArrowInvalid, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise DamagedFile(path, 0, "Parquet as it was written", str(error), DOWNLOAD) from error


def _whole(column: pa.Array) -> npt.NDArray[np.generic]:
    """Numbers as the vendor has them; a time that is null is the one that means undefined."""
    if pa.types.is_timestamp(column.type):
        column = pc.fill_null(column.view(pa.int64()), -1)  # all bits set, as in DBN
        return np.asarray(column.to_numpy(zero_copy_only=False)).view(np.uint64)
    return np.asarray(column.to_numpy(zero_copy_only=False))


def _letters(path: Path, offset: int, name: str, column: pa.Array) -> npt.NDArray[np.bytes_]:
    """One letter a row; a row without one has the byte zero, which is no action and no side."""
    texts = pc.fill_null(column.cast(pa.large_string()), "")
    long = pc.index(pc.greater(pc.binary_length(texts), 1), value=True).as_py()
    if long >= 0:
        at = offset + long * MBO.itemsize
        raise ForeignFile(path, at, f"one letter as {name}", repr(texts[long].as_py()), AGAIN)
    codes = pc.dictionary_encode(texts)
    letters = np.array([text.encode("latin-1") for text in codes.dictionary.to_pylist()] or [b""], "S1")
    chosen: npt.NDArray[np.bytes_] = letters[codes.indices.to_numpy(zero_copy_only=False)]
    return chosen


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
