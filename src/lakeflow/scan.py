"""Partitions read back through their contract: as one lazy scan, or streamed in row groups."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from lakeflow.ahead import ahead
from lakeflow.compatibility import read_as
from lakeflow.contract import Contract
from lakeflow.machine import threads
from lakeflow.types import polars_schema

STREAM_ROWS = 65_536


def scan_files(files: Sequence[Path], contract: Contract) -> pl.LazyFrame:
    """Several files of one table, in the order given; columns, types and order are the contract's."""
    schema = polars_schema(contract)
    if not files:
        return pl.LazyFrame(schema=schema)
    return pl.concat([scan_file(file, contract) for file in files])


def scan_file(file: Path, contract: Contract) -> pl.LazyFrame:
    """One file; one written under an older contract of the table is read as today's says."""
    found = pl.read_parquet_schema(file)
    scan = pl.scan_parquet(file, hive_partitioning=False, glob=False)
    schema = polars_schema(contract)
    return scan if found == dict(schema) else read_as(scan, contract, found)


def addressed(scan: pl.LazyFrame, symbol: str | None, dt: str | None) -> pl.LazyFrame:
    """A scan with its partition's address as columns, where a read spans several."""
    columns = []
    if symbol is not None:
        columns.append(pl.lit(symbol, pl.String).alias("symbol"))
    if dt is not None:
        columns.append(pl.lit(date.fromisoformat(dt), pl.Date).alias("dt"))
    return scan.with_columns(columns) if columns else scan


def stream_file(file: Path, contract: Contract) -> Iterator[pl.DataFrame]:
    """One file in pieces of bounded size: memory does not grow with the day. Where there is a core for it, the next are read ahead."""
    with pq.ParquetFile(file, pre_buffer=False) as opened:
        pieces = (frame_of(batch, contract) for batch in opened.iter_batches(STREAM_ROWS, use_threads=False))
        overlaps = opened.metadata.num_rows > STREAM_ROWS and threads() > 1
        yield from ahead(pieces) if overlaps else pieces


def frame_of(batch: pa.RecordBatch, contract: Contract) -> pl.DataFrame:
    """Rows of a file as a frame; those written under an older contract of the table as today's says."""
    frame = pl.DataFrame(pl.from_arrow(batch))
    if frame.schema == polars_schema(contract):
        return frame
    return read_as(frame.lazy(), contract, dict(frame.schema)).collect()
