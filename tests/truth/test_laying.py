"""Rows of seconds and waits, against a dull twin."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.truth.laying import laid
from lakeflow.truth.session import SECOND, Session

OPEN = 1_767_623_400 * SECOND
SESSION = Session(OPEN, OPEN + 5 * SECOND)


@given(st.lists(st.integers(-2 * SECOND, 7 * SECOND), max_size=30))
def test_every_row_is_in_its_second_and_waits_for_the_one_before(times):
    found = laid(pl.DataFrame({"ts_recv": pl.Series(times, dtype=pl.Int64) + OPEN}), SESSION)
    clock = np.maximum.accumulate(np.array(times, np.int64))
    waits = np.diff(clock, prepend=clock[:1])
    for second in range(5):
        inside = np.flatnonzero(clock // SECOND == second)
        assert list(range(found.starts[second], found.starts[second + 1])) == inside.tolist()
        assert found.waits[second] == waits[inside].max(initial=0)


def test_without_rows_every_second_is_empty():
    found = laid(pl.DataFrame({"ts_recv": []}, schema={"ts_recv": pl.Int64}), SESSION)
    assert found.starts.tolist() == [0] * 6
