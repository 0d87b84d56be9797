"""What is measured of records that a test writes by hand, as rows that are dicts."""

import numpy as np

from lakeflow.market.measures import Measures
from lakeflow.market.records import words
from lakeflow.market.sheets import COLUMNS

TICK, S = 25, 10**9


def tell(records, **how):
    """The rows of every table as dicts."""
    measures = Measures(TICK, **how)
    parts = measures.apply(words(records), np.arange(len(records))), measures.finish()
    return {
        name: [dict(zip(columns, row, strict=True)) for part in parts for row in part[name].T.tolist()]
        for name, columns in COLUMNS.items()
    }


def at(mbo, *timed, **how):
    """Records at seconds of a day: pairs of a second and a line."""
    records = mbo(*(line for _, line in timed), **how)
    records["ts_recv"] = [1_767_657_600 * S + int(second * S) for second, _ in timed]
    records["ts_event"] = records["ts_recv"]
    return records


def columns(rows, *names):
    return [tuple(row[name] for name in names) for row in rows]
