"""A small simulated day, written once for all tests that only read it."""

from datetime import date
from pathlib import Path

import pytest

from lakeflow.simulate.day import write_day


@pytest.fixture(scope="session")
def day_files(tmp_path_factory) -> list[Path]:
    """ES on a Tuesday: orders, definition, statistics, status."""
    return write_day(tmp_path_factory.mktemp("day"), "ES", date(2026, 1, 6), events=3_000, seed=1)
