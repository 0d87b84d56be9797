"""Activity by the second, against a dull twin, whatever the chunks, and without a look ahead."""

from itertools import groupby, pairwise

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stages.silver.activity import per_second

SECOND = 1_000_000_000

rows = st.lists(
    st.fixed_dictionaries(
        {
            "ts_recv": st.integers(0, 5 * SECOND),
            "action": st.sampled_from("ACMRTFN"),
            "size": st.integers(1, 9),
            "price": st.none() | st.integers(-3, 3),
            "flags": st.sampled_from([0, 40, 130]),
        }
    ),
    max_size=30,
).map(lambda found: sorted(found, key=lambda row: row["ts_recv"]))
cuts = st.lists(st.integers(0, 30), max_size=4)


def seconds(frame: pl.DataFrame, min_size: int = 3, cuts: tuple[int, ...] = ()) -> pl.DataFrame:
    edges = [0, *sorted(cuts), frame.height]
    chunks = (frame[first:last] for first, last in pairwise(edges))
    return pl.concat(per_second(chunks, min_size))


def twin(given_rows, min_size: int = 3) -> list[tuple[object, ...]]:
    live = [row for row in given_rows if not row["flags"] & 32 and row["action"] in "ACMT"]
    found = []
    for second, group in groupby(live, key=lambda row: row["ts_recv"] // SECOND):
        own = list(group)
        counts = [sum(row["action"] == action for row in own) for action in "ACMT"]
        trades = [row for row in own if row["action"] == "T"]
        prices = [row["price"] for row in trades if row["price"] is not None]
        size = sum(row["size"] for row in trades if row["size"] >= min_size)
        found.append((second * SECOND, *counts, size, prices[-1] if prices else None))
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows, cuts)
def test_the_seconds_are_the_twins_whatever_the_chunks(orders, given_rows, cuts):
    found = seconds(orders(given_rows), cuts=tuple(cuts))
    assert found.with_columns(pl.col("ts_second").to_physical()).rows() == twin(given_rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows, st.integers(0, 30))
def test_what_comes_later_changes_no_second_that_is_over(orders, given_rows, cut):
    whole, short = orders(given_rows), orders(given_rows[:cut])
    known = seconds(short)
    assert known.head(-1).equals(seconds(whole).head(max(0, known.height - 1)))


def test_a_snapshot_is_no_activity(orders):
    found = seconds(orders([{"flags": 40}, {"flags": 168}, {"flags": 128, "ts_recv": 2 * SECOND}]))
    assert found["ts_second"].to_physical().to_list() == [2 * SECOND]


def test_small_trades_count_but_add_no_size(orders):
    rows = orders([{"action": "T", "size": size, "price": size} for size in (2, 5, 1)])
    assert seconds(rows).select("trades", "traded_size", "last_price").rows() == [(3, 5, 1)]


@pytest.mark.parametrize("count", [0, 1])
def test_a_day_with_little_in_it_fits_the_contract(orders, fits, count):
    assert fits("silver/activity", seconds(orders([{"ts_recv": 5}] * count)))


def test_no_orders_at_all_are_no_rows():
    assert list(per_second(iter(()), 1)) == []
