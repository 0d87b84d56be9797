"""A state as kernels see it: where its arrays lie, and the sizes that would otherwise be read again and again."""

from typing import Any, NamedTuple

import numpy as np

from lakeflow.market.machine import ONE, address, piece


class Memory(NamedTuple):
    """The columns of State as pointers, and what follows from their sizes."""

    orders: Any
    ids: Any
    levels: Any
    sums: Any
    occupied: Any
    ladders: Any
    inverses: Any
    books: Any
    image: Any
    told: Any
    index: Any
    shelf: Any
    counts: Any
    depth: np.uint64
    window: np.uint64
    outside: np.uint64
    shift: np.uint64
    index_mask: np.uint64
    shelf_mask: np.uint64


@piece
def memory_of(state):
    """Valid for as long as the arrays of the state are held."""
    return Memory(
        address(state.orders),
        address(state.ids),
        address(state.levels),
        address(state.sums),
        address(state.occupied),
        address(state.ladders),
        address(state.inverses),
        address(state.books),
        address(state.image),
        address(state.told),
        address(state.index),
        address(state.shelf),
        address(state.counts),
        state.depth,
        state.window,
        state.outside,
        state.shift,
        np.uint64(len(state.index)) - ONE,
        np.uint64(len(state.shelf)) - ONE,
    )
