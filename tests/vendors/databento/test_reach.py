"""How far a file of orders goes: its header's range, or the last record where the vendor stopped at a limit."""

from datetime import date

import numpy as np
import pytest

from lakeflow.vendors.databento.header import Header
from lakeflow.vendors.databento.reach import Reach
from lakeflow.vendors.databento.records import Chunk

DAY = date(2026, 1, 6)
MIDNIGHT = 1_767_657_600 * 10**9
HOUR = 3_600 * 10**9


def reached(start, end, limit=None, received=(MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR), *, is_told=True):
    """The stretch of the day in hours since its midnight, and whether a limit cut it."""
    header = Header(3, "GLBX.MDP3", "mbo", start, end, limit, "raw_symbol", "instrument_id")
    reach = Reach("es.dbn", header, is_told=is_told)
    rows = np.array([(each,) for each in received], dtype=[("ts_recv", "<u8")])
    assert sum(len(chunk.rows) for chunk in reach.watched(iter([Chunk(0, rows)]))) == len(received)
    [row] = reach.rows(DAY, ["ESH6"]).rows(named=True)
    assert (row["raw_symbol"], row["vendor_dataset"], row["file"]) == ("ESH6", "GLBX.MDP3", "es.dbn")
    hours = [(row[name].timestamp() * 1e9 - MIDNIGHT) / HOUR for name in ("ts_start", "ts_end")]
    return (*hours, row["is_limited"])


def test_a_header_says_from_when_to_when():
    assert reached(MIDNIGHT, MIDNIGHT + 24 * HOUR) == (0, 24, False)
    assert reached(MIDNIGHT + HOUR, MIDNIGHT + 3 * HOUR) == (1, 3, False)
    assert reached(MIDNIGHT - 5 * HOUR, MIDNIGHT + 99 * HOUR) == (0, 24, False)
    assert reached(MIDNIGHT, None) == (0, 24, False)


def test_a_file_of_as_many_records_as_were_asked_for_ends_with_its_last():
    start, end, is_limited = reached(MIDNIGHT, MIDNIGHT + 24 * HOUR, limit=2)
    assert (start, is_limited) == (0, True)
    assert end == pytest.approx(2, abs=1e-6)
    assert reached(MIDNIGHT, MIDNIGHT + 24 * HOUR, limit=3) == (0, 24, False)


def test_a_day_that_a_limit_left_out_is_empty():
    before = [MIDNIGHT - 2 * HOUR, MIDNIGHT - HOUR]
    assert reached(MIDNIGHT - 24 * HOUR, MIDNIGHT + 24 * HOUR, limit=2, received=before) == (0, 0, True)


def test_a_file_without_a_header_is_taken_for_the_whole_day():
    assert reached(MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR, is_told=False) == (0, 24, False)


def test_a_receipt_that_is_not_told_is_no_last_one():
    undefined = 2**64 - 1
    _, end, _ = reached(
        MIDNIGHT, MIDNIGHT + 24 * HOUR, limit=3, received=(MIDNIGHT, MIDNIGHT + HOUR, undefined)
    )
    assert end == pytest.approx(1, abs=1e-6)
