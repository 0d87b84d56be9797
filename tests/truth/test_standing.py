"""What stood at the open: seen with the first event, by which it was not changed."""

import numpy as np
import polars as pl

from lakeflow.truth.session import SECOND, Session
from lakeflow.truth.standing import flows_standing, with_standing

MIDNIGHT = 1_767_571_200 * SECOND  # 2026-01-05
EVENING = Session(
    MIDNIGHT + 86_390 * SECOND, MIDNIGHT + 86_420 * SECOND
)  # ten seconds, a midnight, twenty more


def at(second):
    return EVENING.open_ns + round(second * SECOND)


def timed(seconds, **columns):
    times = pl.Series([at(second) for second in seconds], dtype=pl.Int64).cast(pl.Datetime("ns", "UTC"))
    return pl.DataFrame({"ts_second": times.dt.truncate("1s"), "ts_recv": times, **columns})


def heard(*seconds):
    return np.isin(np.arange(EVENING.rows), seconds)


def quotes(seconds, bids, flags=None):
    flags = flags or [0] * len(bids)
    return timed(seconds, bid_price=bids, flags=pl.Series(flags, dtype=pl.UInt32))


def told(table):
    seconds = (table["ts_second"].dt.epoch("ns") - EVENING.open_ns) // SECOND
    return list(zip(seconds.to_list(), table["bid_price"].to_list(), strict=True))


def test_the_last_quote_before_the_open_is_seen_with_the_first_event():
    table = quotes([-50, -7, 6], [100, 101, 103])
    assert told(with_standing(table, EVENING, heard(2, 6))) == [(-50, 100), (-7, 101), (2, 101), (6, 103)]


def test_nothing_is_seen_before_an_event_or_where_the_event_brought_a_quote():
    table = quotes([-7, 6], [101, 103])
    assert with_standing(table, EVENING, heard()).equals(table)
    assert with_standing(table, EVENING, heard(6)).equals(table)
    assert with_standing(table[1:], EVENING, heard(2)).equals(table[1:])


def test_of_another_date_nothing_stands_as_its_file_begins_with_its_own_book():
    table = quotes([-7], [101])
    assert with_standing(table, EVENING, heard(12)).equals(table)


def test_flags_that_were_of_a_moment_are_not_seen_again():
    locked, jump, snapshot = 1 << 2, 1 << 4, 1 << 22
    table = quotes([-7, 6], [101, 103], [locked | jump | snapshot, 0])
    assert with_standing(table, EVENING, heard(2))["flags"].to_list() == [locked | jump | snapshot, locked, 0]


def test_lots_of_a_band_stand_and_no_flow_of_before_is_counted_again():
    flow = timed([-9, -4, -4, 2], side=["B", "B", "A", "A"], band=["near"] * 4, depth_end=[5, 7, 9, 8])
    flow = flow.drop("ts_recv").with_columns(add=pl.Series([5, 2, 9, 0]), cancel=pl.Series([0, 0, 0, 1]))
    out = flows_standing(flow, EVENING, heard(2, 4))
    assert out[:4].equals(flow)
    assert out[4:].select("side", "depth_end", "add", "cancel").rows() == [("B", 7, 0, 0)]
