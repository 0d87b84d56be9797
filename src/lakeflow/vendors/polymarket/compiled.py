"""How the kernels of this folder are compiled: once a machine, exact, and free to run beside other threads."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")
Ints = NDArray[np.int64]
Bytes = NDArray[np.int8]
Raw = NDArray[np.uint8]


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """A kernel calls only pieces of its own file: Numba's stamp of a cached kernel is the date of that one file."""
    compiled: Callable[P, R] = njit(cache=True, nogil=True)(function)
    return compiled


def piece(function: Callable[P, R]) -> Callable[P, R]:
    """A part of the kernels of the same file, compiled into each of them."""
    compiled: Callable[P, R] = njit(nogil=True, forceinline=True)(function)
    return compiled
