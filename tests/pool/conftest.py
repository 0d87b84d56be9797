"""Executors to test, and the folder that their workers find `chores` in."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakeflow.executor import Executor, InlineExecutor
from lakeflow.pool import Pool

sys.path.insert(
    0, str(Path(__file__).parent)
)  # a worker imports what its task names from its coordinator's path


@pytest.fixture(params=["inline", "pool"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    with InlineExecutor() if request.param == "inline" else Pool(2, env={"IN_POOL": "1"}) as made:
        yield made


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(2) as made:
        yield made
