"""A state as kernels see it: where its arrays lie, and the sizes that would otherwise be read again and again."""

from typing import Any, NamedTuple

import numpy as np

from lakeflow.market.compiled import tiny
from lakeflow.market.machine import ONE, address


class Memory(NamedTuple):
    """The columns of State as pointers, and what follows from their sizes."""

    nodes: Any
    longs: Any
    occupied: Any
    ladders: Any
    inverses: Any
    books: Any
    image: Any
    keys: Any
    told: Any
    entries: Any
    shelf: Any
    counts: Any
    depth: np.uint64
    window: np.uint64
    windows: np.uint64
    shift: np.uint64
    index_mask: np.uint64
    shelf_mask: np.uint64


@tiny
def memory_of(state):
    """Valid for as long as the arrays of the state are held."""
    return Memory(
        address(state.nodes),
        address(state.longs),
        address(state.occupied),
        address(state.ladders),
        address(state.inverses),
        address(state.books),
        address(state.image),
        address(state.keys),
        address(state.told),
        address(state.entries),
        address(state.shelf),
        address(state.counts),
        state.depth,
        state.window,
        state.windows,
        state.shift,
        np.uint64(len(state.entries)) - ONE,
        np.uint64(len(state.shelf)) - ONE,
    )
