"""Order records as kernels see them: the vendor's layout with its letters as numbers."""

from typing import Any

import numpy as np
import numpy.typing as npt

from lakeflow.vendors.databento.layouts import MBO

PLAIN = np.dtype([(name, "u1" if MBO[name].kind == "S" else MBO[name].str) for name in MBO.names or ()])
Rows = npt.NDArray[np.void]
Longs = npt.NDArray[np.int64]
Record = Any  # one of them; a kernel reads and writes its fields by name
Number = Any  # an integer of the width that numba finds

ADD, CANCEL, MODIFY, CLEAR, TRADE, FILL, NOTE = (ord(letter) for letter in "ACMRTFN")
BUY, SELL, NEITHER = (ord(letter) for letter in "BAN")
BID, ASK = 0, 1
LETTERS = (BUY, SELL)
NO_PRICE = 2**63 - 1


def plain(rows: Rows) -> Rows:
    """The same bytes with letters as numbers."""
    return rows.view(PLAIN)


def vendors(rows: Rows) -> Rows:
    """The same bytes as the vendor's records."""
    return rows.view(MBO)
