"""A partition being written: rows in any chunks come out as the same row groups and the same bytes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import polars.selectors as cs
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lakeflow import avro
from lakeflow.check import check_frame
from lakeflow.contract import Column, Contract
from lakeflow.errors import ContractBroken
from lakeflow.hashed import Hashed
from lakeflow.manifest import content_digest
from lakeflow.types import arrow_schema, conform

GROUP_ROWS = 262_144  # 64 K to 4 M differ little in size and time; this keeps pruning useful
GROUP_BYTES = 9 << 20  # of rows that wait to be written: a wide table holds back no more than a narrow one
FEW_ROWS = 16_384  # of fewer, the headers of the columns take as long to write as their values
WIDE_BYTES = 4 * GROUP_BYTES  # for which a table so wide that fewer would fit may wait
# Of text in a row group. 64 MiB took 100 MiB more memory and a fifth more time to write a day of frames, for 1 % less of a file.
TEXT_BYTES = 12 << 20
BUFFER = 1 << 19  # bytes
FLOATS = frozenset({"float", "double"})
EIGHT_BYTES = frozenset({"double", "long", "uint64", *avro.TIMES})
ENCODINGS = {"plain": "PLAIN", "delta": "DELTA_BINARY_PACKED", "byte_stream_split": "BYTE_STREAM_SPLIT"}


class Draft:
    """One staged Parquet file; `content` is the digest of its rows, and `close` writes its manifest."""

    def __init__(self, path: Path, contract: Contract) -> None:
        self.path = path
        self.rows = 0
        self.contract = contract
        self._waiting: list[pa.Table] = []
        self._waiting_rows = self._waiting_text = 0
        self._with_nan: set[str] = set()
        self._schema = arrow_schema(contract)
        self._group_rows = group_rows(self._schema)
        self._sink = Hashed(path)
        # Parquet writes each page and its header by itself: together they cost less to hash and to write.
        self._buffer = pa.BufferedOutputStream(pa.PythonFile(self._sink, mode="w"), BUFFER)
        self._writer = pq.ParquetWriter(self._buffer, self._schema, **settings(contract))

    def write(self, frame: pl.DataFrame) -> None:
        """Take rows as they come; a frame that breaks the contract's types raises with every complaint."""
        table = conformed(frame, self.contract)
        self._waiting.append(table)
        self._with_nan |= with_nan(frame)
        self._waiting_rows += frame.height
        self._waiting_text += int(texts(table).sum())
        self.rows += frame.height
        self._write_groups()

    @property
    def without_nan(self) -> set[str]:
        """Columns of floats that were given no NaN, of which a footer says nothing; to look in memory is far cheaper than in the file."""
        return {c.name for c in self.contract.columns if c.word in FLOATS} - self._with_nan

    def content(self) -> str:
        """Write what waits; the digest of all rows given."""
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

    def _write_groups(self) -> None:
        """Every whole row group of what waits."""
        if self._waiting_rows < self._group_rows and self._waiting_text < TEXT_BYTES:
            return
        table = pa.concat_tables(self._waiting)
        sizes = texts(table)
        start = 0
        for end in ends(sizes, self._group_rows):
            self._write_group(table.slice(start, end - start))
            start = end
        self._waiting_rows, self._waiting_text = table.num_rows - start, int(sizes[start:].sum())
        self._waiting = [table.slice(start)] if self._waiting_rows else []

    def _write_group(self, rows: pa.Table) -> None:
        # One contiguous array a column: page borders would otherwise follow the chunks given.
        self._writer.write_table(rows.combine_chunks(), row_group_size=self._group_rows)


def with_nan(frame: pl.DataFrame) -> set[str]:
    """The columns of floats in which there is a NaN."""
    found = frame.select(cs.float().is_nan().any())
    return {name for name in found.columns if found[name][0]}


def group_rows(schema: pa.Schema) -> int:
    """How many rows make a row group: a power of two, fewer the wider they are."""
    rows, width = GROUP_ROWS, sum(map(width_of, schema.types))
    while rows * width > (GROUP_BYTES if rows > FEW_ROWS else WIDE_BYTES) and rows > 1:
        rows //= 2
    return rows


def texts(table: pa.Table) -> np.ndarray:
    """The bytes of text in each row."""
    sizes = np.zeros(table.num_rows, np.int64)
    for column in table.columns:
        if pa.types.is_large_string(column.type) or pa.types.is_large_binary(column.type):
            sizes += pc.fill_null(pc.binary_length(column), 0).to_numpy()
    return sizes


def ends(sizes: np.ndarray, most: int) -> Iterator[int]:
    """Where each whole row group ends: after so many rows, or after the row that fills it with text."""
    so_far, start = np.cumsum(sizes), 0
    while True:
        before = so_far[start - 1] if start else 0
        end = min(start + most, int(np.searchsorted(so_far, before + TEXT_BYTES)) + 1)
        if end > sizes.size:
            return
        yield end
        start = end


def width_of(kind: pa.DataType) -> int:
    """Bytes that a value takes in memory: of a text or a list, what its place takes and a short one."""
    if pa.types.is_dictionary(kind):
        return width_of(kind.index_type)
    return max(1, kind.bit_width // 8) if pa.types.is_primitive(kind) else 16


def conformed(frame: pl.DataFrame, contract: Contract) -> pa.Table:
    """The frame as its contract has it; one that cannot be is looked at whole, so that nothing wrong hides behind the rest."""
    try:
        return conform(frame, contract)
    except ContractBroken:
        errors = check_frame(frame, contract).errors
        raise ContractBroken([error for error in errors if error.rule != "minRows"]) from None


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

    Of a file of orders the first costs 3 % and half of its time, the second as much and a third; of floats the first costs 4 %.
    """
    if column.encoding == "byte_stream_split" and column.word in EIGHT_BYTES:
        return "lz4"
    return "snappy" if column.word in avro.TIMES and encoding(column) == ENCODINGS["delta"] else "zstd"


def encoding(column: Column) -> str | None:
    """A column's Parquet encoding; None is the dictionary, which suits most."""
    if column.encoding:
        return ENCODINGS.get(column.encoding)
    logical = column.type.get("logicalType", "") if isinstance(column.type, dict) else ""
    return "DELTA_BINARY_PACKED" if logical.startswith("timestamp") else None
