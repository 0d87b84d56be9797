"""A partition being written: rows in any chunks come out as the same row groups and the same bytes."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from lakeflow import avro
from lakeflow.behind import Behind
from lakeflow.check import check_frame
from lakeflow.contract import Column, Contract
from lakeflow.errors import ContractBroken, StepFailed
from lakeflow.manifest import body_hash, content_digest
from lakeflow.types import arrow_schema, conform

GROUP_ROWS = 262_144  # 64 K to 4 M differ little in size and time; this keeps memory low and pruning useful
BUFFER = 1 << 19  # bytes
LONGS = frozenset({"long", "uint64", *avro.TIMES})
ENCODINGS = {"plain": "PLAIN", "delta": "DELTA_BINARY_PACKED", "byte_stream_split": "BYTE_STREAM_SPLIT"}


class Hashed:
    """A file that digests what is written to it, on the way to the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] = path.open("wb", buffering=0)
        self._digest = body_hash()
        self._is_abandoned = False
        self.closed = False

    def write(self, block: Any) -> int:
        view = memoryview(block)
        if self._is_abandoned:
            return len(view)
        self._digest.update(view)
        written = 0
        with clearly(self._path):
            while written < len(view):  # a raw write may be short, and a full disk shows on the next one
                written += self._file.write(view[written:]) or 0
        return len(view)

    def flush(self) -> None:
        """Nothing is held back here."""

    def hexdigest(self) -> str:
        return self._digest.hexdigest()

    def abandon(self) -> None:
        """Close the file and take no more; a writer that ends itself later must find somebody who listens."""
        self._is_abandoned = True
        self._file.close()

    def close(self) -> None:
        if not self.closed and not self._is_abandoned:
            self.closed = True
            with clearly(self._path), self._file:
                os.fsync(self._file.fileno())


class Draft:
    """One staged Parquet file; `content` is the digest of its rows, and `close` writes its manifest.

    Row groups are written behind whoever gives the rows; who has given the `Behind` closes it before a draft is abandoned.
    """

    def __init__(self, path: Path, contract: Contract, behind: Behind | None = None) -> None:
        self.path = path
        self._behind = behind or Behind(overlaps=False)
        self.rows = 0
        self.contract = contract
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._schema = arrow_schema(contract)
        self._sink = Hashed(path)
        # Parquet writes each page and its header by itself: together they cost less to hash and to write.
        self._buffer = pa.BufferedOutputStream(pa.PythonFile(self._sink, mode="w"), BUFFER)
        self._writer = pq.ParquetWriter(self._buffer, self._schema, **settings(contract))

    def write(self, frame: pl.DataFrame) -> None:
        """Take rows as they come; a frame that breaks the contract's types raises with every complaint."""
        self._waiting.append(conformed(frame, self.contract))
        self._waiting_rows += frame.height
        self.rows += frame.height
        self._put_groups()

    def content(self) -> str:
        """Write what waits; the digest of all rows given."""
        self._behind.settle()
        if self._waiting_rows:
            self._write_group(pa.concat_tables(self._waiting))
            self._waiting.clear()
        self._buffer.flush()
        return content_digest(self._sink.hexdigest(), self.contract.schema_digest, self.rows)

    def close(self, metadata: Mapping[bytes, str]) -> None:
        """Write the footer with this metadata, and see the file safe on the disk."""
        self._writer.add_key_value_metadata(dict(metadata))
        self._writer.close()
        self._buffer.close()
        self._sink.close()

    def abandon(self) -> None:
        """Let go of the file without finishing it."""
        self._waiting.clear()
        self._sink.abandon()
        self._writer.close()

    def _put_groups(self) -> None:
        """Every whole row group of what waits, to be written in its turn."""
        if self._waiting_rows < GROUP_ROWS:
            return
        table, start = pa.concat_tables(self._waiting), 0
        while table.num_rows - start >= GROUP_ROWS:
            self._behind.put(partial(self._write_group, table.slice(start, GROUP_ROWS)))
            start += GROUP_ROWS
        self._waiting_rows = table.num_rows - start
        self._waiting = [table.slice(start)] if self._waiting_rows else []

    def _write_group(self, rows: pa.Table) -> None:
        # One contiguous array a column: page borders would otherwise follow the chunks given.
        self._writer.write_table(rows.combine_chunks(), row_group_size=GROUP_ROWS)


def conformed(frame: pl.DataFrame, contract: Contract) -> pa.Table:
    """The frame as its contract has it; one that cannot be is looked at whole, so that nothing wrong hides behind the rest."""
    try:
        return conform(frame, contract)
    except ContractBroken:
        errors = check_frame(frame, contract).errors
        raise ContractBroken([error for error in errors if error.rule != "minRows"]) from None


@contextmanager
def clearly(path: Path) -> Iterator[None]:
    """A disk that will not take a draft, in words."""
    try:
        yield
    except OSError as error:
        found = error.strerror or str(error)
        message = f"{path}: expected a disk that takes a draft, found {found}; free some space and run again"
        raise StepFailed(message) from error


def settings(contract: Contract) -> dict[str, Any]:
    """How the columns of a contract are written: its own encodings, else what pays for the type, and zstd-1 nearly always."""
    encodings = {c.name: chosen for c in contract.columns if (chosen := encoding(c))}
    codecs = {c.name: codec(c) for c in contract.columns}
    return {
        "compression": codecs,
        "compression_level": {name: 1 for name, chosen in codecs.items() if chosen == "zstd"},
        "version": "2.6",
        "use_dictionary": [c.name for c in contract.columns if c.name not in encodings],
        "column_encoding": encodings,
        "write_statistics": [c.name for c in contract.columns if has_statistics(c, contract)],
    }


def has_statistics(column: Column, contract: Contract) -> bool:
    """Whether the least and the greatest of a row group prune or prove anything; to find them takes a tenth of all writing.

    They do for what rows are ordered by, for times and for bounds, and may for most else; but not for names, nor for the ids and
    sizes of orders, whose bytes are split since they have nothing else in common, nor for what is plainly one value.
    """
    is_sought = column.name in {*contract.sort, *contract.key} or column.word in avro.TIMES
    if is_sought or column.min is not None or column.max is not None:
        return True
    return not column.symbols and column.encoding not in ("byte_stream_split", "plain")


def codec(column: Column) -> str:
    """What takes less time than zstd and finds nearly as much (lz4 in split bytes), or enough (snappy in packed differences).

    Of a file of orders the first costs 3 % and half of its time, the second as much and a third.
    """
    if column.encoding == "byte_stream_split" and column.word in LONGS:
        return "lz4"
    return "snappy" if column.word in avro.TIMES and encoding(column) == ENCODINGS["delta"] else "zstd"


def encoding(column: Column) -> str | None:
    """A column's Parquet encoding; None is the dictionary, which suits most."""
    if column.encoding:
        return ENCODINGS.get(column.encoding)
    logical = column.type.get("logicalType", "") if isinstance(column.type, dict) else ""
    return "DELTA_BINARY_PACKED" if logical.startswith("timestamp") else None
