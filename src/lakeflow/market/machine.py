"""What kernels need of the machine and numba has no name for: the highest bit of a word, the address of an array."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

ZERO, ONE, TWO, THREE, FOUR, SIX, LOW = (np.uint64(n) for n in (0, 1, 2, 3, 4, 6, 63))


@intrinsic
def highest(_typing: Any, word: Any) -> Any:  # noqa: ARG001  the signature that numba calls
    """The place of the highest bit of a 64-bit word that is not zero."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        zeros = builder.ctlz(args[0], ir.Constant(ir.IntType(1), 1))
        return builder.sub(ir.Constant(ir.IntType(64), 63), zeros)

    return types.uint64(types.uint64), build


@intrinsic
def lowest(_typing: Any, word: Any) -> Any:  # noqa: ARG001  the signature that numba calls
    """The place of the lowest bit of a 64-bit word that is not zero."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), build


@intrinsic
def address(_typing: Any, array: Any) -> Any:
    """Where the items of an array lie. Numba counts references to arrays, which costs forty times what a book does."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return cgutils.create_struct_proxy(signature.args[0])(context, builder, value=args[0]).data

    return types.CPointer(array.dtype)(array), build


@intrinsic
def prefetch(_typing: Any, pointer: Any, place: Any) -> Any:
    """Ask for an item that will be wanted soon, without waiting for it."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        item = builder.bitcast(builder.gep(args[0], [args[1]]), ir.IntType(8).as_pointer())
        flag = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [item.type, flag, flag, flag])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [item, flag(0), flag(3), flag(1)])
        return ir.Constant(ir.IntType(64), 0)

    return types.uint64(pointer, place), build


@intrinsic
def copy(_typing: Any, into: Any, to: Any, source: Any, at: Any, count: Any) -> Any:
    """So many items from one array to another, or to where they overlap in the same."""

    def build(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        item = context.get_abi_sizeof(context.get_value_type(into.dtype))
        target, origin = builder.gep(args[0], [args[1]]), builder.gep(args[2], [args[3]])
        cgutils.raw_memmove(builder, target, origin, args[4], item)
        return ir.Constant(ir.IntType(64), 0)

    return types.uint64(into, to, source, at, count), build
