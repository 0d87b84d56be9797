"""Records in a vendor's own layout from the fields that are known, the others undefined or zero as the vendor leaves them."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from lakeflow.vendors.databento.layouts import Layout

Records = npt.NDArray[np.void]


def filled(layout: Layout, rows: Iterable[Mapping[str, Any]]) -> Records:
    """Records, one for each mapping of fields; a field that this version of the layout lacks is left out."""
    known = list(rows)
    records = np.zeros(len(known), layout.dtype)
    records["length"], records["rtype"], records["publisher_id"] = layout.head & 255, layout.rtype, 1
    if "quantity" in (layout.dtype.names or ()):
        records["quantity"] = np.iinfo(records["quantity"].dtype).max
    for n, row in enumerate(known):
        for name in row.keys() & set(layout.dtype.names or ()):
            records[name][n] = row[name]
    return records
