"""Rows laid on the seconds of a session in one pass: where each second's rows begin, and the longest wait for one of them."""

from typing import Any, NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Ints, plain
from lakeflow.truth.compiled import kernel
from lakeflow.truth.session import SECOND, Session, times_ns


class Laid(NamedTuple):
    """`starts` has for every second its first row, and at the end the first after the close; `waits` are nanoseconds."""

    starts: Ints
    waits: Ints


def laid(table: pl.DataFrame, session: Session) -> Laid:
    """By the second that a row counts in, or else its receipt, which never goes back here: an earlier time is that before it."""
    when = "ts_second" if "ts_second" in table.columns else "ts_recv"
    times = times_ns(table[when])
    out = Laid(np.full(session.rows + 1, len(times), np.int64), np.zeros(session.rows, np.int64))
    if not lay(plain(times), session.open_ns, SECOND, out):
        return laid(table.with_columns(pl.col(when).cum_max()), session)
    return out


@kernel
def lay(times: Any, opened: Any, length: Any, out: Any) -> Any:
    # second: of the last row · edge: where the next begins · longest: wait of a row of this second
    seconds = len(out.waits)
    second, edge, longest, is_rising = -1, opened, 0, True
    for at in range(len(times)):
        before = times[at - 1] if at else times[at]
        is_rising &= times[at] >= before
        if times[at] >= edge:
            if second >= 0:
                out.waits[second] = longest
            now = (times[at] - opened) // length
            if now >= seconds:
                out.starts[second + 1 :] = at
                return is_rising
            out.starts[second + 1 : now + 1] = at
            second, edge, longest = now, opened + (now + 1) * length, 0
        longest = max(longest, times[at] - before)
    if second >= 0:
        out.waits[second] = longest
    return is_rising
