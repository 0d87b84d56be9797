"""How the kernels of this folder are compiled, once a machine; a changed source of this folder makes all compile again."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit

from lakeflow.market import compiled as market


def _sources() -> str:
    texts = (file.read_bytes() for file in sorted(Path(__file__).parent.rglob("*.py")))
    return hashlib.sha256(market.SOURCES.encode() + b"".join(texts)).hexdigest()


SOURCES = _sources()


def kernel(function: Callable[..., Any]) -> Any:
    """A function that Python calls. The market's own stamp would not see a change made here."""
    compiled = market.kernel(function)
    compiled._cache._cache_file._source_stamp = SOURCES  # noqa: SLF001  numba has no public way to say it
    return compiled


def piece(function: Callable[..., Any]) -> Any:
    """A part of a kernel, compiled into it."""
    return njit(**market.INSIDE)(function)
