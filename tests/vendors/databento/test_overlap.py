"""Two files of a delivery may share the day, never a stretch of an instrument's day."""

from pathlib import Path

import pytest

from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento.overlap import Overlap
from lakeflow.vendors.databento.schemas import LAYOUTS
from lakeflow.vendors.errors import ForeignFile

A, B = Path("a.dbn"), Path("b.dbn")


def of(*records: tuple[int, int]):
    return filled(LAYOUTS["mbo"][3], [{"instrument_id": i, "ts_recv": t} for i, t in records])


def is_refused(first, second) -> bool:
    """Whether records of a second file are refused after those of a first."""
    overlap = Overlap()
    overlap.refuse(A, 0, first)
    try:
        overlap.refuse(B, 0, second)
    except ForeignFile:
        return True
    return False


def test_a_file_may_go_on_where_another_ends():
    first = of((1, 5), (1, 9))
    assert [is_refused(first, of((1, begins), (1, 12))) for begins in (9, 8)] == [False, True]


def test_files_of_other_instruments_may_cover_the_same_time():
    first = of((1, 5), (1, 9))
    assert [is_refused(first, of((other, 5), (other, 9))) for other in (2, 1)] == [False, True]


def test_a_file_that_goes_back_within_an_instrument_is_refused():
    overlap = Overlap()
    overlap.refuse(A, 0, of((1, 5), (1, 9), (2, 3)))
    with pytest.raises(
        ForeignFile, match=r"instrument 1 to go on where a\.dbn ends, found records of earlier times"
    ):
        overlap.refuse(B, 0, of((2, 4), (1, 8)))


def test_one_file_may_have_times_that_go_back():
    overlap = Overlap()
    overlap.refuse(A, 0, of((1, 9)))
    overlap.refuse(A, 0, of((1, 5)))
    with pytest.raises(ForeignFile):
        overlap.refuse(B, 0, of((1, 8)))
