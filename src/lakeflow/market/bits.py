"""The highest bit of a word, as one instruction."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def highest(_typing: Any, word: Any) -> Any:  # noqa: ARG001  the signature that numba calls
    """The place of the highest bit of a 64-bit word that is not zero."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        zeros = builder.ctlz(args[0], ir.Constant(ir.IntType(1), 1))
        return builder.sub(ir.Constant(ir.IntType(64), 63), zeros)

    return types.uint64(types.uint64), build


ONE, SIX, LOW = np.uint64(1), np.uint64(6), np.uint64(63)
