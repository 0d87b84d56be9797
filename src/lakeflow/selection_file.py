"""A selection's partition read for its symbols: the one table whose rows a plan reads."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from lakeflow.selected import SYMBOL, WHY


def read_selection(path: Path) -> list[dict[str, Any]]:
    """Each chosen symbol and, where the table has it, why."""
    with pq.ParquetFile(path) as file:
        columns = [name for name in (SYMBOL, WHY) if name in file.schema_arrow.names]
        rows: list[dict[str, Any]] = file.read(columns=columns).to_pylist()
    return rows
