"""Order records written by hand, a replay of them that keeps all it told, and the dull books it is judged by."""

import numpy as np
import pytest

from lakeflow.market.anomalies import names
from lakeflow.market.book import QUOTES, Replay
from lakeflow.market.records import MBO
from tests.market.book_twin import Twin
from tests.market.book_twins import Twins

LAST = 128


def mbo(*lines, instrument=7, publisher=1, flags=LAST, ts=1_767_700_000_000_000_000):
    """Records from lines of action, side, order id, price, size and, where it is not `flags`, the flags."""
    records = np.zeros(len(lines), MBO)
    for n, line in enumerate(lines):
        action, side, order_id, price, size, *rest = line
        records[n] = (14, 160, publisher, instrument, ts, order_id, price, size, rest[0] if rest else flags,
                      0, action, side, ts + n, 0, n)  # fmt: skip
    return records


@pytest.fixture(scope="session")
def twins():
    return Twins


@pytest.fixture(scope="session")
def twin():
    return Twin


@pytest.fixture(scope="session", name="mbo")
def _mbo():
    return mbo


class Watched:
    """A replay of records in chunks, with all that it told kept."""

    def __init__(self, records, levels=0, tick=25, chunk=4096, **how):
        self.book = Replay(tick, levels=levels, **how)
        told = [tuple(rows.copy() for rows in self.book.apply(records[at : at + chunk]))
                for at in range(0, len(records), chunk)]  # fmt: skip
        self.touch, self.depth, wrong = (np.concatenate(rows) for rows in zip(*told, strict=True))
        self.wrong = [(int(row["number"]), names(int(row["classes"]))) for row in wrong]

    def best(self):
        """Price, size and count of the best bid, then of the best ask, row by row."""
        return [tuple(int(row[name]) for name in QUOTES) for row in self.touch]

    def queue(self, side, price, instrument=7, publisher=1):
        """Ids and sizes at a price, the first to be filled first; None as id for an aggregate."""
        return [
            (None if row["aggregate"] else int(row["order_id"]), int(row["size"]))
            for row in self.book.resting(instrument, publisher)
            if "BA"[row["side"]] == side and row["price"] == price
        ]


@pytest.fixture(scope="session")
def watched():
    return Watched
