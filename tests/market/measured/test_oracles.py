"""What was worked out by hand: moves, imbalance, fills, bands, signs, levels, and the second that each belongs to."""

import numpy as np
import pytest

from tests.market.measured.told import TICK, S, at, columns, tell

LAST = 128


def test_a_move_is_shared_out_between_trade_cancel_and_add(mbo):
    book = [
        ("A", "B", 1, 100 * TICK, 5),
        ("A", "A", 2, 101 * TICK, 3),
        ("A", "A", 3, 102 * TICK, 4),
        ("A", "A", 4, 104 * TICK, 9),
    ]
    rows = tell(mbo(*book, ("T", "B", 0, 101 * TICK, 3, 0), ("F", "A", 2, 101 * TICK, 3, 0), ("C", "A", 2, 101 * TICK, 3),
                    ("C", "A", 3, 102 * TICK, 4), ("A", "B", 5, 101 * TICK, 2)))["moves"]  # fmt: skip
    moved = columns(rows, "row", "half_ticks", "from_trade", "from_cancel", "from_add", "from_reset")
    assert moved == [(6, 1, 1, 0, 0, 0), (7, 2, 0, 2, 0, 0), (8, 1, 0, 0, 1, 0)]


def test_the_imbalance_of_the_paper(mbo):
    """(100,10|101,12) (100,15|101,12) (100,15|101,7) (101,4|102,9) (101,4|102,9) (100,15|102,9) are 5, 5, 11, 0, -4."""
    p = [n * TICK for n in range(103)]
    first = [("A", "B", 1, p[100], 10, 0), ("A", "A", 2, p[101], 12, 0), ("A", "A", 3, p[102], 9)]
    then = [("M", "B", 1, p[100], 15), ("M", "A", 2, p[101], 7), ("C", "A", 2, p[101], 7, 0), ("A", "B", 4, p[101], 4),
            ("N", "N", 0, p[101], 0), ("C", "B", 4, p[101], 4)]  # fmt: skip
    seconds = [0, 0, 0, 1, 2, 3, 3, 4, 5]
    rows = tell(at(mbo, *zip(seconds, first + then, strict=True)))["ofi"]
    assert [row["ofi_1"] for row in rows][1:] == [5, 5, 11, 0, -4]


def test_a_partial_fill_leaves_the_rest_and_is_no_cancel(mbo):
    rows = tell(
        at(
            mbo,
            (0, ("A", "B", 1, 0, 10)),
            (1, ("T", "A", 0, 0, 3, 0)),
            (1, ("F", "B", 1, 0, 3, 0)),
            (1, ("C", "B", 1, 0, 3)),
        )
    )
    touch = [row for row in rows["flow"] if (row["side"], row["band"]) == (0, 0)]
    assert columns(touch, "depth_start", "depth_end", "add", "fill", "cancel", "shift") == [
        (0, 10, 10, 0, 0, 0),
        (10, 7, 0, 3, 0, 0),
    ]
    assert columns(rows["trades"], "row", "size", "side", "sign", "filled", "fills") == [(1, 3, 0, -1, 3, 1)]


@pytest.mark.parametrize(("taken", "fill", "cancel"), [(3, 3, 0), (5, 3, 2)])
@pytest.mark.parametrize("action", ["C", "M"])
def test_what_goes_beyond_a_fill_is_a_cancel(mbo, action, taken, fill, cancel):
    size = taken if action == "C" else 10 - taken
    rows = tell(
        at(mbo, (0, ("A", "B", 1, 0, 10)), (1, ("F", "B", 1, 0, 3, 0)), (1, (action, "B", 1, 0, size)))
    )["flow"]
    assert columns(rows[6:7], "fill", "cancel", "depth_end") == [(fill, cancel, 10 - taken)]


def test_bands_are_told_by_the_best_before_the_event(mbo):
    added = [("A", "B", n, -away * TICK, 1) for n, away in enumerate([0, -2, 3, 6, 7, 22, 23])]
    rows = tell(at(mbo, *((1, line) for line in added)))["flow"][:3]
    # The second is better than the best, so at the touch; the first is then near. The last two are in no band.
    assert columns(rows, "add", "depth_end", "shift") == [(2, 1, -1), (0, 1, 1), (3, 3, 0)]


def test_an_event_belongs_whole_to_the_second_in_which_it_ends(mbo):
    rows = tell(
        at(mbo, (0.5, ("A", "B", 1, 0, 1)), (0.6, ("A", "B", 2, 0, 2, 0)), (1.1, ("A", "B", 3, 0, 4)))
    )["flow"]
    assert columns(rows[::6], "add", "depth_start", "depth_end") == [(1, 0, 1), (6, 1, 7)]


@pytest.mark.parametrize(
    ("price", "sign", "method"), [(101, 1, 1), (99, -1, 1), (100, 1, 2)], ids=["over", "under", "at the mid"]
)
def test_a_trade_without_a_side_is_signed_by_the_quote_then_by_the_tick(mbo, price, sign, method):
    book = [("A", "B", 1, 98 * TICK, 1), ("A", "A", 2, 102 * TICK, 1)]
    trades = [("T", "N", 0, 97 * TICK, 1), ("T", "N", 0, price * TICK, 1)]
    assert columns(tell(mbo(*book, *trades))["trades"][1:], "sign", "sign_method") == [(sign, method)]


def test_the_first_trade_at_nothing_known_has_no_sign(mbo):
    assert columns(tell(mbo(("T", "N", 0, 100, 1)))["trades"], "sign", "sign_method") == [(0, 3)]


def test_quotes_of_two_publishers_are_added_up_at_the_best_price(mbo):
    one = mbo(("A", "B", 1, 100, 5), ("A", "B", 2, 75, 1))
    other = mbo(("A", "B", 1, 100, 7), ("R", "N", 0, 0, 0), publisher=2)
    rows = tell(np.concatenate([one, other]))["bbo"]
    assert columns(rows, "bid_price", "bid_size", "bid_count") == [(100, 5, 1), (100, 12, 2), (100, 5, 1)]


def test_what_shows_only_within_an_event_has_moved_nothing(mbo):
    """A snapshot is two-sided long before it ends: its best are no mids that anybody saw."""
    snapshot = [("A", "B", 1, 98 * TICK, 5, 0), ("A", "A", 2, 101 * TICK, 3, 0), ("A", "B", 3, 100 * TICK, 4)]
    empties = [("C", "B", 3, 100 * TICK, 4, 0), ("C", "B", 1, 98 * TICK, 5)]
    moved = tell(mbo(*snapshot, *empties, ("A", "B", 4, 99 * TICK, 1)))["moves"]
    assert columns(moved, "row", "half_ticks", "from_cancel", "from_reset") == [(5, -1, 0, -1)]


def twenty(n, side, second):
    """Lots of 2 ** n at 22 levels, two ticks apart."""
    return (second, ("A", side, n, (-2 * n, 2 * n)[side == "A"] * TICK, 2**n, 0 if n < 22 else LAST))


def test_a_second_that_changes_only_lots_behind_the_tenth_level_is_told(mbo):
    book = [twenty(n, "B", 0) for n in range(1, 23)]
    then = [
        (1, ("M", "B", 21, -42 * TICK, 1)),
        (2, ("M", "B", 20, -40 * TICK, 1)),
        (3, ("M", "B", 1, -2 * TICK, 1)),
    ]
    rows = tell(at(mbo, *book, *then))["depth"]
    assert columns(rows, "row", "bid_lots_20", "ask_lots_20", "bid_size_1") == [
        (21, 2**21 - 2, 0, 2),
        (23, 2**20 - 1, 0, 2),
        (24, 2**20 - 2, 0, 1),
    ]


def test_lots_of_an_event_that_ends_in_a_later_second_are_not_in_the_one_before(mbo):
    book = [twenty(n, "A", 0) for n in range(1, 23)]
    rows = tell(at(mbo, *book, (0.5, ("C", "A", 15, 30 * TICK, 2**15, 0)), (1.5, ("N", "N", 0, 0, 0))))[
        "depth"
    ]
    assert columns(rows, "ask_lots_20") == [(2**21 - 2,), (2**22 - 2 - 2**15,)]


def test_lots_within_ten_ticks_are_those_up_to_ten_ticks_behind_the_best_on_however_many_levels(mbo):
    ticks = [0, 0.4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10.4, 11]
    book = [("A", "B", n, -int(tick * TICK), 2**n) for n, tick in enumerate(ticks)]
    rows = tell(mbo(*book))["depth"]
    assert columns(rows, "bid_lots_10t", "ask_lots_10t", "bid_lots_20") == [(2**12 - 1, 0, 2**14 - 1)]


def test_the_longest_wait_of_a_second_is_that_for_an_event_which_ended_in_it(mbo):
    events = [(second, ("M", "B", 1, 0, 5)) for second in (0.25, 0.5, 0.75, 3.5, 3.5)]
    rows = tell(at(mbo, *events))["ofi"]
    assert columns(rows, "events", "max_wait_ns") == [(3, S // 4), (2, 11 * S // 4)]


def test_receipt_never_goes_back_in_the_seconds_of_any_table(mbo):
    """A cancel that is no news is received at 5.2; a trade after it says 3, and its event ends at 5 or goes on to 6.1."""
    book = [(0, ("A", "B", 1, 100 * TICK, 9)), (0, ("A", "A", 2, 102 * TICK, 3)), (5.2, ("C", "A", 8, 0, 1))]
    event = [
        (3, ("T", "B", 0, 102 * TICK, 3, 0)),
        (3, ("F", "A", 2, 102 * TICK, 3, 0)),
        (4, ("A", "A", 3, 104 * TICK, 3, 0)),
    ]
    one = tell(at(mbo, *book, *event, (5, ("C", "A", 2, 102 * TICK, 3))))
    torn = tell(at(mbo, *book, *event, (6.1, ("C", "A", 2, 102 * TICK, 3))))
    for rows, second in ((one, 5), (torn, 6)):
        told = {name: rows[name][-1]["ts_second"] // S % 60 for name in ("bbo", "moves", "ofi", "flow")}
        assert told == dict.fromkeys(told, second)
        trade = rows["trades"][0]
        assert [trade[name] // S % 60 for name in ("ts_recv", "ts_second")] == [3, 5]


def test_a_trade_whose_event_never_ends_counts_all_the_same(mbo):
    rows = tell(
        at(mbo, (5.2, ("A", "B", 1, 0, 1)), (3, ("T", "A", 0, 0, 1, 0)), (7.9, ("F", "B", 1, 0, 1, 0)))
    )
    assert [row["ts_second"] // S % 60 for row in rows["trades"]] == [5]
