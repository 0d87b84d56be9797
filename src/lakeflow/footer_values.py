"""What the footer of a file says of its values, held against the values: engines skip rows by it."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def lies(path: Path) -> Iterator[str]:
    """Every column of a row group whose smallest, largest or missing values are not those that the footer tells."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            told = _statistics(file.metadata.row_group(group))
            if not told:
                continue
            found = _of(file.read_row_group(group, columns=sorted(told)))
            yield from (f"{name} in row group {group}" for name in told if told[name] != found.get(name))


def _of(table: pa.Table) -> dict[str, pq.Statistics]:
    """What the library that wrote the file says of the same values."""
    sink = pa.BufferOutputStream()
    pq.write_table(
        table, sink, row_group_size=max(1, table.num_rows), use_dictionary=False, compression="none"
    )
    return _statistics(pq.ParquetFile(pa.BufferReader(sink.getvalue())).metadata.row_group(0))


def _statistics(group: pq.RowGroupMetaData) -> dict[str, pq.Statistics]:
    columns = (group.column(n) for n in range(group.num_columns))
    return {column.path_in_schema: column.statistics for column in columns if column.statistics is not None}
