"""A partition being written: rows in any chunks come out as the same row groups and the same bytes."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from lakeflow.contract import Column, Contract
from lakeflow.errors import StepFailed
from lakeflow.manifest import content_digest
from lakeflow.types import arrow_schema, conform

GROUP_ROWS = 262_144  # 64 K to 4 M differ little in size and time; this keeps memory low and pruning useful
ENCODINGS = {"plain": "PLAIN", "delta": "DELTA_BINARY_PACKED", "byte_stream_split": "BYTE_STREAM_SPLIT"}


class Hashed:
    """A file that digests what is written to it, on the way to the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] = path.open("wb", buffering=0)
        self._digest = hashlib.sha256()
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
    """One staged Parquet file; `close` writes its manifest and gives its content digest."""

    def __init__(self, path: Path, contract: Contract) -> None:
        self.path = path
        self.rows = 0
        self.contract = contract
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._schema = arrow_schema(contract)
        self._sink = Hashed(path)
        self._writer = pq.ParquetWriter(
            pa.PythonFile(self._sink, mode="w"), self._schema, **settings(contract)
        )

    def write(self, frame: pl.DataFrame) -> None:
        """Take rows as they come; a frame that breaks the contract's types raises with every complaint."""
        self._waiting.append(conform(frame, self.contract))
        self._waiting_rows += frame.height
        self.rows += frame.height
        if self._waiting_rows >= GROUP_ROWS:
            self._write_groups(every=False)

    def content(self) -> str:
        """Write what waits; the digest of all rows given."""
        self._write_groups(every=True)
        return content_digest(self._sink.hexdigest(), self.contract.schema_digest, self.rows)

    def close(self, metadata: Mapping[bytes, str]) -> None:
        """Write the footer with this metadata, and see the file safe on the disk."""
        self._writer.add_key_value_metadata(dict(metadata))
        self._writer.close()
        self._sink.close()

    def abandon(self) -> None:
        """Let go of the file without finishing it."""
        self._waiting.clear()
        self._sink.abandon()
        self._writer.close()

    def _write_groups(self, *, every: bool) -> None:
        table = pa.concat_tables(self._waiting) if self._waiting else None
        start = 0
        while table is not None and (
            table.num_rows - start >= GROUP_ROWS or (every and start < table.num_rows)
        ):
            # One contiguous array a column: page borders would otherwise follow the chunks given.
            self._writer.write_table(
                table.slice(start, GROUP_ROWS).combine_chunks(), row_group_size=GROUP_ROWS
            )
            start += GROUP_ROWS
        self._waiting = [] if table is None or start >= table.num_rows else [table.slice(start)]
        self._waiting_rows = sum(t.num_rows for t in self._waiting)


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
    """How the columns of a contract are written: zstd-1, its own encodings, else what pays for the type."""
    encodings = {c.name: chosen for c in contract.columns if (chosen := encoding(c))}
    return {
        "compression": "zstd",
        "compression_level": 1,
        "version": "2.6",
        "use_dictionary": [c.name for c in contract.columns if c.name not in encodings],
        "column_encoding": encodings,
        # Least and greatest of names prune nothing, and cost as much as writing the names.
        "write_statistics": [c.name for c in contract.columns if not c.symbols],
    }


def encoding(column: Column) -> str | None:
    """A column's Parquet encoding; None is the dictionary, which suits most."""
    if column.encoding:
        return ENCODINGS.get(column.encoding)
    logical = column.type.get("logicalType", "") if isinstance(column.type, dict) else ""
    return "DELTA_BINARY_PACKED" if logical.startswith("timestamp") else None
