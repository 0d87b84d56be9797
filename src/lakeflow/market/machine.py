"""What kernels need of the machine and numba has no name for: the highest bit of a word, the address of an array."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

ZERO, ONE, TWO, THREE, FOUR, SIX, LOW = (np.uint64(n) for n in (0, 1, 2, 3, 4, 6, 63))

# A piece of a kernel, compiled into each kernel that calls it.
piece = njit(nogil=True, error_model="numpy", forceinline=True)
kernel = njit(cache=True, nogil=True, error_model="numpy")


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def highest(_typing: Any, word: Any) -> Any:  # noqa: ARG001  the signature that numba calls
    """The place of the highest bit of a 64-bit word that is not zero."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        zeros = builder.ctlz(args[0], ir.Constant(ir.IntType(1), 1))
        return builder.sub(ir.Constant(ir.IntType(64), 63), zeros)

    return types.uint64(types.uint64), build


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def address(_typing: Any, array: Any) -> Any:
    """Where the items of an array lie. Numba counts references to arrays, which costs forty times what a book does."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return cgutils.create_struct_proxy(signature.args[0])(context, builder, value=args[0]).data

    return types.CPointer(array.dtype)(array), build
