"""The kinds of array that truth is made of. A float that is not known is NaN until it leaves for a frame."""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Singles = npt.NDArray[np.float32]


def plain(values: Any) -> Any:
    """The array as kernels read it: one is compiled anew for what is strided, or read-only as what Polars gives."""
    view = np.ascontiguousarray(values).view()
    view.flags.writeable = False
    return view
