"""A ledger in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lakeflow.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(tmp_path / ".lakeflow" / "ledger.sqlite")
    yield opened
    opened.close()
