"""The day of order records that the book bench replays: one contract of ES, one publisher."""

import numpy as np
import numpy.typing as npt
from book_flow import flow

from lakeflow.market.records import MBO

TICK = 250_000_000

Records = npt.NDArray[np.void]


def es_day(records: int) -> Records:
    """So many records of one contract, its book empty before the first."""
    day: Records = flow(records)
    assert day.dtype == MBO
    return day
