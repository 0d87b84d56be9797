"""Rows of silver tables that a session takes: by the second that they count in, or by receipt where they do not say."""

import polars as pl

from lakeflow.truth.session import SECOND, Session
from lakeflow.truth.silver import COLUMNS, clipped

OPEN = 1_767_623_400 * SECOND
SESSION = Session(OPEN, OPEN + 60 * SECOND)
TIME = pl.Datetime("ns", "UTC")


def moves(*rows):
    """Pairs of the second of receipt and the second that counts, from the open on."""
    received, counted = (
        pl.Series([None if each is None else OPEN + round(each * SECOND) for each in column], dtype=TIME)
        for column in zip(*rows, strict=True)
    )
    nothing = dict.fromkeys(COLUMNS["moves"][2:], pl.lit(0))
    return pl.DataFrame({"ts_recv": received, "ts_second": counted}).lazy().with_columns(**nothing)


def test_a_row_counts_in_its_second_whenever_it_was_received():
    rows = clipped(moves((-500, 3), (59.9, 59), (59.9, 60)), "moves", SESSION)
    assert SESSION.of(rows).tolist() == [3, 59]


def test_rows_of_before_the_column_count_when_they_were_received():
    rows = clipped(moves((-121, None), (3.5, None), (2, None), (60, None)), "moves", SESSION)
    assert SESSION.of(rows).tolist() == [3, 3]
