"""How kernels are compiled, once a machine, and their pieces into them; a changed piece makes every kernel compile again."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit

from lakeflow.market.late_blas import put_off
from lakeflow.market.linking import KernelCompiler, PieceCompiler

put_off()

INSIDE: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "pipeline_class": PieceCompiler,
}

# A piece of a kernel. Lowered on its own and put into its callers when these are finished, where a call would cost more than it does.
piece = njit(**INSIDE, forceinline=True)
# A piece that has one caller or a few lines: put there before anything is compiled, which halves the time to compile.
tiny = njit(**INSIDE, inline="always")
# A piece that is seldom needed, and called.
rare = njit(**INSIDE)


def _sources() -> str:
    texts = (file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))
    return hashlib.sha256(b"".join(texts)).hexdigest()


SOURCES = _sources()


def kernel(function: Callable[..., Any]) -> Any:
    """A function that Python calls, kept on disk for as long as no source in this folder changes.

    Numba's own stamp is the date and size of the one file that a kernel stands in, blind to the pieces it is made of.
    """
    options: dict[str, Any] = {
        "cache": True,
        "nogil": True,
        "error_model": "numpy",
        "no_cfunc_wrapper": True,
        "pipeline_class": KernelCompiler,
    }
    compiled = njit(**options)(function)
    compiled._cache._cache_file._source_stamp = SOURCES  # noqa: SLF001  numba has no public way to say it
    return compiled
