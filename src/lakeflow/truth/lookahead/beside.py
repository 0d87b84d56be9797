"""Work that knows nothing of other work, done side by side; what comes of it stands in the order that it was asked in."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import polars as pl

MOST = 2  # that many fits are in memory at once
Asked = TypeVar("Asked")
Told = TypeVar("Told")


def at_once(work: Callable[[Asked], Told], asked: Sequence[Asked]) -> list[Told]:
    """In as many threads as this process was given, up to two."""
    with ThreadPoolExecutor(min(MOST, pl.thread_pool_size())) as pool:
        return list(pool.map(work, asked))
