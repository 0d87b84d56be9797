"""The project's own stages and filters made importable, as opening the project does, and what they are fed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lakeflow.contract import load_contract
from lakeflow.simulate.day import write_day
from lakeflow.types import conform, polars_schema

ROOT = Path(__file__).parents[2]

ORDER = {
    "row": 0, "ts_event": None, "ts_recv": 0, "publisher_id": 1, "instrument_id": 11, "order_id": 1, "price": 5, "size": 1,
    "flags": 128, "channel_id": 0, "action": "A", "side": "B", "in_delta_ns": 0, "sequence": 1,
}  # fmt: skip


@pytest.fixture(scope="session")
def day_files(tmp_path_factory) -> list[Path]:
    """ES on a Tuesday, simulated: orders, definition, statistics, status, by name."""
    return sorted(write_day(tmp_path_factory.mktemp("day"), "ES", date(2026, 1, 6), events=3_000, seed=1))


@pytest.fixture
def orders() -> Callable[[Iterable[Mapping[str, Any]]], pl.DataFrame]:
    """Rows of bronze orders, each told by what differs from an add of 1 at 5."""
    schema = polars_schema(load_contract(ROOT / "contracts" / "bronze" / "orders.avsc"))

    def make(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
        return pl.DataFrame([{**ORDER, **row} for row in rows], schema=schema)

    return make


@pytest.fixture
def fits() -> Callable[[str, pl.DataFrame], bool]:
    """Whether a frame is what a contract promises of columns, types and nulls; raises with every complaint otherwise."""

    def check(name: str, frame: pl.DataFrame) -> bool:
        contract = load_contract(ROOT / "contracts" / f"{name}.avsc")
        return conform(frame.drop("symbol", strict=False), contract).num_rows == frame.height

    return check
