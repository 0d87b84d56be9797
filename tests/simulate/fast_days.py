"""The records of days made by kernels, and what part of them is live."""

from datetime import date

import numpy as np

from lakeflow.simulate.contracts import listed
from lakeflow.simulate.future_day import future_day
from lakeflow.vendors.databento.codes import F_SNAPSHOT

DAY = date(2026, 1, 6)


def made(events: int, seed: int = 1, *hazards: str) -> np.ndarray:
    return np.concatenate(list(future_day(listed("ES", DAY), DAY, seed, frozenset(hazards)).records(events)))


def live(rows: np.ndarray) -> np.ndarray:
    return rows[(rows["flags"] & F_SNAPSHOT) == 0]


def is_known(rows: np.ndarray) -> np.ndarray:
    """Of each fill of one instrument, whether its order was told of before."""
    return np.isin(rows["order_id"][rows["action"] == b"F"], rows["order_id"][rows["action"] == b"A"])
