"""How the simulator's kernels are compiled: once a machine, and again when any source beside them changes."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def _sources() -> str:
    here = Path(__file__).parent
    texts = (file.read_bytes() for file in sorted([*here.glob("*.py"), *here.glob("truth/*.py")]))
    return hashlib.sha256(b"".join(texts)).hexdigest()


SOURCES = _sources()


def piece(function: Function) -> Function:
    """A part of a kernel; Python never calls it."""
    inside: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    compiled: Function = njit(nogil=True, error_model="numpy", **inside)(function)
    return compiled


def kernel(function: Function) -> Function:
    """A function that Python calls; numba's own stamp would not see a change of the pieces it is made of."""
    outside: dict[str, Any] = {"no_cfunc_wrapper": True}
    compiled: Any = njit(cache=True, nogil=True, error_model="numpy", **outside)(function)
    compiled._cache._cache_file._source_stamp = SOURCES  # noqa: SLF001  numba has no public way to say it
    named: Function = compiled
    return named
