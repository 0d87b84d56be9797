"""Small vendor files, written record by record."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lakeflow.simulate.contracts import listed, nanoseconds
from lakeflow.simulate.day import header
from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento.encode import dbn_file
from lakeflow.vendors.databento.schemas import LAYOUTS

DAY = date(2026, 1, 6)
INSTRUMENTS = listed("ES", DAY)
ORDER = {
    "instrument_id": INSTRUMENTS[0].instrument_id,
    "ts_event": nanoseconds(DAY) + 1_000,
    "ts_recv": nanoseconds(DAY) + 2_000,
    "order_id": 1,
    "price": 6_900_000_000_000,
    "size": 5,
    "flags": 128,
    "action": "A",
    "side": "B",
}

Write = Callable[..., Path]


@pytest.fixture
def dbn(tmp_path: Path) -> Write:
    """Write a file of order records, each told by what differs from an add of 5 at 6900; header fields by keyword."""

    def write(*rows: Mapping[str, Any], name: str = "day.mbo.dbn", version: int = 3, **about: Any) -> Path:
        records = filled(LAYOUTS["mbo"][version], [{**ORDER, **row} for row in rows])
        path = tmp_path / name
        with dbn_file(path, replace(header("ES", INSTRUMENTS, DAY, "mbo", version), **about)) as file:
            file.write(records.tobytes())
        return path

    return write
