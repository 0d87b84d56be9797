"""All that is measured of books against a dull twin, for any stream, any chunks; what must hold of every stream."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.market.measures import Measures
from lakeflow.market.records import words
from lakeflow.market.sheets import COLUMNS
from lakeflow.market.state import Room

TICK, UNDEF, S = 25, 2**63 - 1, 10**9
LAST = 128


def measured(records, chunk=4096, **how):
    """Rows of every table as the twin writes them."""
    measures, rows, numbers = Measures(how.pop("tick", TICK), **how), {}, np.arange(len(records))
    parts = [
        measures.apply(words(records[at : at + chunk]), numbers[at : at + chunk])
        for at in range(0, len(records), chunk)
    ]
    for told in [*parts, measures.finish()]:
        for name, values in told.items():
            lines = map(tuple, values.T.tolist())
            rows.setdefault(name, []).extend(map(of_a_venue, lines) if name == "venue_bbo" else lines)
    return rows


def of_a_venue(line):
    """A row of a venue from the words that the kernel packs."""
    received, happened, row, venue, *quotes = line
    return (row, venue & 0xFFFF, received, happened, *quotes, venue >> 56 & 1)


ids = st.sampled_from([0, 1, 2, 3, 4, 5, 2**63, 2**64 - 1])
near = st.integers(-30, 30).map(lambda ticks: ticks * TICK)
odd = near | st.sampled_from([-26, 3, 26, 100_001, UNDEF, UNDEF - 1, -(2**62), 199_999 * 10**9])
good, foul = (
    st.sampled_from([0, 128, 130]),
    st.sampled_from([0, 128, 130, 130, 40, 168, 64 | 128, 16 | 128, 4, 132]),
)


def lines(actions, sides, prices, sizes, flags):
    return st.tuples(st.sampled_from(actions), st.sampled_from(sides), ids, prices, sizes, flags)


valid = st.lists(lines("AAACMMTFFC", "AB", near, st.integers(1, 4), good), max_size=50)
anything = st.lists(
    lines("AAACCMMMTFFNRZ", "AABBN", odd, st.integers(1, 4) | st.sampled_from([0, 2**32 - 1]), foul),
    max_size=50,
)
steps = st.lists(st.sampled_from([0, 0, 1, S // 3, 2 * S, 61 * S, -S]), min_size=50, max_size=50)
lags = st.lists(st.sampled_from([0, 0, 1, -500_000, -2_000_000, 9 * S, None]), min_size=50, max_size=50)
venues = st.lists(st.sampled_from([1, 1, 2, 3]), min_size=50, max_size=50)


def stream(mbo, said, times, places=(1,) * 50, late=(0,) * 50):
    """Records of these lines at times that are told by their steps, each from a publisher, so late after it happened."""
    records = np.concatenate([mbo(*said), mbo()])
    for record, step, place, lag in zip(records, np.cumsum(times), places, late, strict=False):
        record["publisher_id"], record["ts_recv"] = place, int(record["ts_recv"]) + int(step)
        record["ts_event"] = 2**64 - 1 if lag is None else int(record["ts_recv"]) - lag
    return records


@pytest.fixture(scope="module")
def assert_equal(twin, measures_twin):
    """Measured is what the twin measures, table by table and row by row."""

    def compare(records, chunk):
        found = measured(records, chunk, largest=2, venues=True, leveled=True)
        wanted = vars(measures_twin(twin, TICK, largest=2).apply(records).finish())
        for name, rows in wanted.items():
            assert found[name] == rows, name

    return compare


@pytest.mark.parametrize("chunk", [1, 7, 4096])
@given(said=valid, times=steps)
def test_a_valid_stream_is_measured_as_the_twin_measures_it(mbo, assert_equal, said, times, chunk):
    assert_equal(stream(mbo, said, times), chunk)


@pytest.mark.parametrize("chunk", [1, 7, 4096])
@settings(max_examples=200)
@given(said=anything, times=steps, places=venues, late=lags)
def test_any_stream_of_any_publishers_is_measured_as_the_twin_measures_it(
    mbo, assert_equal, said, times, places, late, chunk
):
    assert_equal(stream(mbo, said, times, places, late), chunk)


many_ids, far = st.integers(1, 60), st.integers(-60, 60).map(lambda ticks: ticks * TICK)
deep = st.lists(
    st.tuples(
        st.sampled_from("AAAAAAAACM"),
        st.sampled_from("AB"),
        many_ids,
        far,
        st.integers(1, 4),
        st.sampled_from([0, 128]),
    ),
    max_size=50,
)


@given(stood=st.lists(st.integers(1, 3), min_size=60, max_size=60), said=deep, times=steps, places=venues)
def test_the_lots_of_twenty_levels_are_the_twins_in_deep_books(mbo, assert_equal, stood, said, times, places):
    """Thirty levels a side to begin with, some of them two ticks apart."""
    book = [("A", "BA"[n % 2], n + 1, (-1, 1)[n % 2] * (n + 1) * TICK, lots) for n, lots in enumerate(stood)]
    records = stream(mbo, [*book, *said], [0] * 60 + times, (1,) * 60 + tuple(places), (0,) * 110)
    assert_equal(records, 4096)


walk = st.lists(
    st.tuples(st.sampled_from([S // 2, S, S, S]), st.sampled_from([0, 0, 0, 0, 1, -1, 3, 40, 60, -70])),
    min_size=15,
    max_size=90,
)


@given(path=walk, gap=st.sampled_from([1, 1, 12, -3]))
def test_jumps_spreads_and_crossings_of_a_walking_mid_are_the_twins(mbo, assert_equal, path, gap):
    lines = [
        ("M", side, order, (at + n * gap) * TICK, 1 + at % 3, 128 * n)
        for _, at in path
        for n, (side, order) in enumerate((("B", 1), ("A", 2)))
    ]
    times = [part for step, _ in path for part in (step, 0)]
    assert_equal(stream(mbo, lines, times, (1,) * len(lines), (0,) * len(lines)), 4096)


@given(said=anything, times=steps, places=venues, chunk=st.integers(1, 9))
def test_neither_room_nor_window_changes_a_row(mbo, said, times, places, chunk):
    records = stream(mbo, said, times, places)
    small = measured(records, chunk, room=Room(2, 1), window=4096)
    full = measured(records, venues=True, leveled=True)
    assert small == {name: rows for name, rows in full.items() if name in small} | {"mbp": []}


@given(said=anything, times=steps, places=venues, cut=st.integers(0, 50))
def test_what_comes_later_changes_nothing_that_is_over(mbo, said, times, places, cut):
    records = stream(mbo, said, times, places)
    ends = [n + 1 for n in range(min(cut, len(records))) if records["flags"][n] & LAST]
    how = {"venues": True, "leveled": True}
    whole, short = measured(records, **how), measured(records[: ends[-1] if ends else 0], **how)
    for name, held in short.items():
        is_by_row = name == "venue_bbo" or COLUMNS[name][0] == "row"
        over = held if is_by_row else [row for row in held if row[0] < held[-1][0]]
        assert whole[name][: len(over)] == over


@given(said=anything, times=steps, places=venues)
def test_flows_account_for_every_depth_and_go_on_where_they_stopped(mbo, said, times, places):
    rows, ends = measured(stream(mbo, said, times, places))["flow"], {}
    for _, side, band, start, end, add, cancel, fill, shift, *_ in rows:
        assert end == start + add - cancel - fill + shift
        assert start == ends.get((side, band), 0)
        ends[side, band] = end


def test_rows_are_held_until_there_are_enough_of_them(mbo):
    measures, adds = Measures(TICK), mbo(*(("A", "B", n, n * TICK, 1) for n in range(6)))
    for first in (0, 2, 4):
        measures.expect(2)
        measures.take(words(adds[first : first + 2]), np.arange(first, first + 2))
    assert measures.give(7) == {}
    given = measures.give(6)
    assert given.keys() == {"bbo"}
    assert given["bbo"][0].tolist() == [0, 1, 2, 3, 4, 5]
    assert {name: rows.shape[1] for name, rows in measures.finish().items() if rows.size} == {
        "flow": 6, "ofi": 1, "depth": 1,
    }  # fmt: skip
