"""Flags that remember something, worked out by hand: crossings, jumps, doubt, snapshots and times that cannot be."""

import pytest

from tests.market.measured.told import TICK, S, at, columns, tell

LAST = 128


def flags(rows, bit):
    return [bool(row["flags"] >> bit & 1) for row in rows]


def test_a_book_crossed_for_over_a_second_says_so(mbo):
    rows = tell(at(mbo, (0, ("A", "B", 1, 50, 1)), (0, ("A", "A", 2, 25, 1)), (1, ("A", "A", 3, 25, 1)),
                   (1.1, ("A", "A", 4, 25, 1)), (2, ("C", "B", 1, 50, 1))))["bbo"]  # fmt: skip
    assert flags(rows, 1) == [False, False, False, True, False]


def test_a_spread_of_over_ten_ticks_is_wide(mbo):
    rows = tell(mbo(("A", "B", 1, 0, 1), ("A", "A", 2, 11 * TICK, 1), ("A", "A", 3, 10 * TICK, 1)))["bbo"]
    assert flags(rows, 3) == [False, True, False]


def quiet(second):
    return (second, ("M", "B", 1, 0, 5 + second % 2))


@pytest.mark.parametrize(("returns", "bit"), [(True, 4), (False, 5)])
def test_a_jump_is_told_two_seconds_later_by_whether_it_went_back(mbo, returns, bit):
    jump = [(20, ("A", "B", 9, 45 * TICK, 1)), (20.5, ("C", "B", 9, 45 * TICK, 1))]
    book = [(0, ("A", "B", 1, 0, 5)), (0, ("A", "A", 2, 50 * TICK, 1))]
    rows = tell(
        at(
            mbo,
            *book,
            *(quiet(n) for n in range(1, 20)),
            *jump[: 1 + returns],
            (22.5, ("A", "A", 3, 50 * TICK, 1)),
        )
    )["depth"]
    assert [
        row["ts_second"] // S % 86_400 for row, set_ in zip(rows, flags(rows, bit), strict=True) if set_
    ] == [22]
    assert not any(flags(rows, 9 - bit))


def test_a_trade_over_the_venues_largest_order_is_large(mbo):
    assert flags(tell(mbo(("T", "B", 0, 1, 10), ("T", "B", 0, 1, 11)), largest=10)["trades"], 7) == [
        False,
        True,
    ]


def test_times_that_cannot_be_are_told(mbo):
    records = at(mbo, *((n, ("A", "B", n, 0, 1)) for n in range(4)))
    records["ts_event"][1] -= 2 * S
    records["ts_event"][3] -= 6 * S
    records["flags"][2] |= 8
    rows = tell(records)["bbo"]
    assert [flags(rows, bit) for bit in (11, 12, 8)] == [
        [False, True, False, True],
        [False, False, True, False],
        [False, False, False, True],
    ]


def test_doubt_lasts_to_the_next_clear_and_orphans_cast_it_for_a_minute(mbo):
    gap = [(0, ("A", "B", 1, 0, 1, LAST | 4)), (1, ("R", "N", 0, 0, 0)), (2, ("A", "B", 2, 0, 1))]
    orphan = [
        (61, ("C", "B", 9, 0, 1)),
        (62, ("A", "B", 3, 0, 1)),
        (121, ("A", "B", 4, 0, 1)),
        (181, ("A", "B", 5, 0, 1)),
    ]
    rows = tell(at(mbo, *gap, *orphan))["bbo"]
    assert columns(rows, "suspect") == [(1,), (0,), (0,), (0,), (0,), (0,)]
    assert flags(rows, 10) == [True, False, False, True, True, False]


def test_five_seconds_after_a_snapshot_are_marked(mbo):
    snapshot = [(0, ("R", "N", 0, 0, 0, 40)), (0, ("A", "B", 1, 0, 1, 168))]
    rows = tell(at(mbo, *snapshot, (4.9, ("A", "B", 2, 0, 1)), (5, ("A", "B", 3, 0, 1))))["bbo"]
    assert flags(rows, 22) == [True, True, False]


def test_a_spike_that_goes_back_and_comes_again_within_two_seconds_is_a_jump(mbo):
    book = [(0, ("A", "B", 1, 0, 5)), (0, ("A", "A", 2, 50 * TICK, 1))]
    spike = [
        (20, ("A", "B", 9, 45 * TICK, 1)),
        (20.5, ("C", "B", 9, 45 * TICK, 1)),
        (21, ("A", "B", 9, 45 * TICK, 1)),
    ]
    rows = tell(at(mbo, *book, *(quiet(n) for n in range(1, 20)), *spike, (22, ("A", "A", 3, 50 * TICK, 1))))
    assert [flags(rows["bbo"], bit)[-1] for bit in (4, 5)] == [True, False]


def test_only_the_first_record_after_one_from_the_future_is_out_of_order(mbo):
    records = at(mbo, *((n, ("A", "B", n, 0, 1)) for n in range(4)))
    records["ts_event"][1] += 60 * S
    assert flags(tell(records)["bbo"], 11) == [False, False, True, False]


@pytest.mark.parametrize(
    ("ask", "bit"), [(99, 0), (100, 2), (None, 9)], ids=["crossed", "locked", "one-sided"]
)
def test_a_trade_says_how_the_book_stands_after_its_event(mbo, ask, bit):
    asks = [] if ask is None else [("A", "A", 2, ask * TICK, 1)]
    trades = tell(mbo(("A", "B", 1, 100 * TICK, 1), *asks, ("T", "B", 0, 101 * TICK, 1)))["trades"]
    assert [flags(trades, each) for each in (0, 2, 9)] == [[each == bit] for each in (0, 2, 9)]


def known(rows, name):
    """When something was known, by the second that says so, in seconds of the hour."""
    return [(row["ts_second"] // S % 3600, row[name] / S % 3600) for row in rows["ofi"] if row[name] != -1]


def test_a_snapshot_that_changes_nothing_is_told_too(mbo):
    book = [("A", "B", 1, 0, 1, 40), ("A", "A", 2, TICK, 1, 168)]
    first, again = [(0, line) for line in book], [(9.25, line) for line in (("R", "N", 0, 0, 0, 40), *book)]
    rows = tell(at(mbo, *first, (7, ("N", "N", 0, 0, 0)), *again))
    assert len(rows["bbo"]) == 1
    assert known(rows, "ts_snapshot") == [(0, 0), (9, 9.25)]


@pytest.mark.parametrize(("returns", "name"), [(True, "ts_px_jump"), (False, "ts_px_move")])
@pytest.mark.parametrize("later", [[], [30]], ids=["at the end of the file", "by the next event"])
def test_what_became_of_a_jump_is_known_two_seconds_later_though_nothing_happens_then(
    mbo, returns, name, later
):
    book = [(0, ("A", "B", 1, 0, 5)), (0, ("A", "A", 2, 50 * TICK, 1))]
    jump = [(20.25, ("A", "B", 9, 45 * TICK, 1)), (20.5, ("C", "B", 9, 45 * TICK, 1))]
    quotes = [*book, *(quiet(n) for n in range(1, 20)), *jump[: 1 + returns], *(quiet(n) for n in later)]
    rows = tell(at(mbo, *quotes))
    assert known(rows, name) == [((20, *later)[-1], 22.25)]
    assert not any(flags(rows["bbo"], 4) + flags(rows["bbo"], 5))
