"""Whether a second can be trusted: halts, auctions, gaps of the data, and the book's anomalies of the minute before."""

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Bools, Ints
from lakeflow.truth.fills import sums, touched
from lakeflow.truth.session import Session, times_ns

MINUTE = 60
KINDS = ("halt", "auction", "gap")


def health(spans: pl.DataFrame, anomalies: pl.DataFrame, session: Session) -> pl.DataFrame:
    """`spans` has `ts_start`, `ts_end` and `kind`, one of halt, auction and gap; a second that is touched is inside."""
    inside = {kind: _inside(spans.filter(pl.col("kind") == kind), session) for kind in KINDS}
    return pl.DataFrame(
        {
            "halted": inside["halt"],
            "auction": inside["auction"],
            "gap": inside["gap"],
            "flow_valid": ~(inside["halt"] | inside["gap"]),
            "anomalies_1m": _minute_before(anomalies, session),
        }
    )


def _inside(spans: pl.DataFrame, session: Session) -> Bools:
    return touched(times_ns(spans["ts_start"]), times_ns(spans["ts_end"]), session)


def _minute_before(anomalies: pl.DataFrame, session: Session) -> Ints:
    """A minute's anomalies are known when it is over: the seconds of the next minute have them."""
    known = session.seconds(times_ns(anomalies["ts_minute"])) + MINUTE
    count = anomalies["count"].to_numpy().astype(np.int64)
    out = np.zeros(session.rows, np.int64)
    for second in range(MINUTE):
        out += sums(known + second, count, session.rows)
    return out
