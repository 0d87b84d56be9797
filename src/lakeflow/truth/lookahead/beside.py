"""Work that knows nothing of other work, done side by side; what comes of it stands in the order that it was asked in."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import polars as pl
from threadpoolctl import threadpool_limits

MOST = 2  # that many fits are in memory at once
Asked = TypeVar("Asked")
Told = TypeVar("Told")


def at_once(work: Callable[[Asked], Told], asked: Sequence[Asked]) -> list[Told]:
    """In as many threads as this process was given, up to two, each with one of every library."""
    with ThreadPoolExecutor(min(MOST, pl.thread_pool_size()), initializer=alone) as pool:
        return list(pool.map(work, asked))


def alone() -> None:
    """OpenMP must be told so in every thread; two of its own turn in circles while they wait for each other."""
    threadpool_limits(1)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """For libraries whose steps are so short that two threads spend more time waiting for each other."""
    import sklearn.ensemble  # noqa: F401  limits hold for libraries that are there

    with threadpool_limits(1):
        yield
