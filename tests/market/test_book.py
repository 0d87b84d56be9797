"""Cases of order books that were worked out by hand: what is told, and who stands where."""

import numpy as np
import pytest

UNDEF = 2**63 - 1
NONE = (UNDEF, 0, 0)
P = 2500  # a price on the ticks of 25


def test_a_partial_cancel_leaves_the_rest_and_a_whole_one_no_level(mbo, watched):
    seen = watched(mbo(("A", "B", 1, P, 100), ("C", "B", 1, P, 30), ("C", "B", 1, P, 70)))
    assert seen.best() == [(P, 100, 1, *NONE), (P, 70, 1, *NONE), (*NONE, *NONE)]


@pytest.mark.parametrize("last", [("C", "B", 1, P, 40), ("M", "B", 1, P, 60)], ids=["cancel", "modify"])
def test_a_fill_changes_the_book_once_and_keeps_the_place(mbo, watched, last):
    fill = [("T", "A", 0, P, 40, 0), ("F", "B", 1, P, 40, 0), last]
    seen = watched(mbo(("A", "B", 1, P, 100), ("A", "B", 2, P, 5), *fill))
    assert seen.best()[-1] == (P, 65, 2, *NONE)
    assert seen.queue("B", P) == [(1, 60), (2, 5)]


def test_a_fill_without_a_trade_changes_the_book_by_its_cancel_alone(mbo, watched):
    seen = watched(mbo(("A", "B", 1, P, 100), ("F", "B", 1, P, 40, 0), ("C", "B", 1, P, 40)))
    assert seen.queue("B", P) == [(1, 60)]
    assert seen.wrong == []


def test_a_fill_of_an_order_nobody_knows_is_counted_and_changes_nothing(mbo, watched):
    seen = watched(mbo(("A", "B", 1, P, 100), ("F", "B", 99, P, 40)))
    assert seen.best() == [(P, 100, 1, *NONE)]
    assert seen.wrong == [(1, ["unknown_fill"])]


def test_a_modified_price_goes_to_the_back_of_the_new_level_and_takes_the_old_one_away(mbo, watched):
    seen = watched(mbo(("A", "B", 1, P, 10), ("A", "B", 2, P - 25, 20), ("M", "B", 1, P - 25, 10)))
    assert seen.queue("B", P) == []
    assert seen.queue("B", P - 25) == [(2, 20), (1, 10)]


@pytest.mark.parametrize(
    ("size", "queue"), [(11, [(2, 5), (1, 11)]), (10, [(1, 10), (2, 5)]), (9, [(1, 9), (2, 5)])]
)
def test_only_growing_costs_the_place_in_the_queue(mbo, watched, size, queue):
    seen = watched(mbo(("A", "B", 1, P, 10), ("A", "B", 2, P, 5), ("M", "B", 1, P, size)))
    assert seen.queue("B", P) == queue


@pytest.mark.parametrize(
    ("line", "queue", "wrong"),
    [
        (("M", "B", 9, P, 3), [(1, 10), (2, 5), (9, 3)], ["unknown_modify"]),
        (("C", "B", 9, P, 3), [(1, 10), (2, 5)], ["unknown_cancel"]),
        (("A", "B", 1, P, 7), [(2, 5), (1, 7)], ["duplicate_add"]),
        (("C", "B", 1, P, 11), [(2, 5)], ["over_cancel"]),
        (("M", "A", 1, P, 10), [(2, 5)], ["side_flip"]),
        (("C", "A", 1, P, 4), [(1, 6), (2, 5)], ["side_flip"]),
        (("C", "B", 1, P + 25, 4), [(1, 6), (2, 5)], ["price_mismatch"]),
        (("M", "B", 1, P, 0), [(2, 5)], ["bad_size"]),
        (("A", "B", 9, P, 0), [(1, 10), (2, 5)], ["bad_size"]),
        (("A", "B", 9, UNDEF, 5), [(1, 10), (2, 5)], ["undefined_price"]),
        (("A", "N", 9, P, 5), [(1, 10), (2, 5)], ["bad_side"]),
        (("Z", "B", 1, P, 5), [(1, 10), (2, 5)], ["unknown_action"]),
    ],
    ids=lambda value: value[0] if isinstance(value, list) and isinstance(value[0], str) else "",
)
def test_what_is_wrong_is_counted_and_the_policy_followed(mbo, watched, line, queue, wrong):
    seen = watched(mbo(("A", "B", 1, P, 10), ("A", "B", 2, P, 5), line))
    assert seen.queue("B", P) == queue
    assert seen.wrong == [(2, wrong)]


@pytest.mark.parametrize(("flags", "numbers"), [(128, [1]), (0, [])])
def test_a_record_that_does_nothing_ends_an_event_when_it_says_so(mbo, watched, flags, numbers):
    seen = watched(mbo(("A", "B", 1, P, 10, 0), ("N", "N", 0, UNDEF, 0, flags)))
    assert seen.touch["number"].tolist() == numbers


def test_nothing_is_told_inside_an_event_though_the_book_is_crossed_there(mbo, watched):
    seen = watched(
        mbo(
            ("A", "B", 1, P, 10),
            ("A", "A", 2, P + 25, 5),
            ("A", "B", 3, P + 25, 5, 0),
            ("C", "A", 2, P + 25, 5),
        )
    )
    assert seen.touch["number"].tolist() == [0, 1, 3]
    assert seen.best()[-1] == (P + 25, 5, 1, *NONE)


@pytest.mark.parametrize("flags", [128, 130, 136, 168])
def test_the_end_of_an_event_is_a_bit_among_others(mbo, watched, flags):
    assert len(watched(mbo(("A", "B", 1, P, 10, flags))).touch) == 1


def test_a_top_of_book_replaces_its_side_and_counts_no_orders(mbo, watched):
    tops = [("A", "B", 0, P, 10), ("A", "B", 0, P - 25, 4), ("A", "B", 0, UNDEF, 0)]
    seen = watched(mbo(*tops, flags=64 | 128))
    assert seen.best() == [(P, 10, 0, *NONE), (P - 25, 4, 0, *NONE), (*NONE, *NONE)]


def test_a_price_level_is_set_whole_and_counts_no_orders(mbo, watched):
    seen = watched(
        mbo(
            ("A", "B", 0, P, 10),
            ("M", "B", 0, P, 4),
            ("C", "B", 0, P, 1),
            ("M", "B", 0, P, 0),
            flags=16 | 128,
        )
    )
    assert seen.best() == [(P, 10, 0, *NONE), (P, 4, 0, *NONE), (P, 3, 0, *NONE), (*NONE, *NONE)]


def test_two_publishers_with_one_order_id_have_two_books(mbo, watched):
    seen = watched(np.concatenate([mbo(("A", "B", 5, P, 10)), mbo(("A", "A", 5, P - 25, 4), publisher=2)]))
    assert seen.best() == [(P, 10, 1, *NONE), (*NONE, P - 25, 4, 1)]
    assert seen.touch["publisher_id"].tolist() == [1, 2]


def test_instruments_in_one_event_end_it_each_for_itself(mbo, watched):
    one, other = mbo(("A", "B", 1, P, 10, 0), ("A", "B", 2, P, 5)), mbo(("A", "A", 1, P, 3), instrument=8)
    together = watched(np.concatenate([one[:1], other, one[1:]]))
    assert together.best() == [(*NONE, P, 3, 1), (P, 15, 2, *NONE)]
    assert together.best()[1:] == watched(one).best()


def test_prices_of_spreads_may_be_nothing_and_less(mbo, watched):
    seen = watched(mbo(("A", "B", 1, -25, 10), ("A", "B", 2, -50, 1), ("A", "A", 3, 0, 5)), levels=2)
    assert seen.depth["bid_price"][-1].tolist() == [-25, -50]
    assert seen.depth["ask_price"][-1].tolist() == [0, UNDEF]


def test_ids_of_any_size_are_told_apart_and_used_again(mbo, watched):
    ids = [0, 1, 2**63, 2**64 - 1]
    adds, cancels = [("A", "B", each, P, 1) for each in ids], [("C", "B", each, P, 1) for each in ids]
    assert watched(mbo(*adds)).queue("B", P) == [(each, 1) for each in ids]
    assert watched(mbo(*adds, *cancels, *adds[::-1])).queue("B", P) == [(each, 1) for each in ids[::-1]]


def test_the_size_of_a_level_may_pass_32_bits(mbo, watched):
    seen = watched(mbo(*(("A", "B", each, P, 2**32 - 2) for each in range(3))))
    assert seen.best()[-1] == (P, 3 * (2**32 - 2), 3, *NONE)


def test_stub_quotes_are_right_and_cost_no_memory(mbo, watched):
    low, mid, high = 100_000, 50_000_000_000, 199_999_000_000_000
    stubs = [
        ("A", "B", 1, low, 1),
        ("A", "A", 2, high, 1),
        ("A", "B", 3, mid, 2),
        ("A", "A", 4, mid + 10_000_000, 2),
    ]
    seen = watched(mbo(*stubs), levels=2, tick=10_000_000)
    assert seen.depth["bid_price"][-1].tolist() == [mid, low]
    assert seen.depth["ask_price"][-1].tolist() == [mid + 10_000_000, high]
    assert sum(array.nbytes for array in seen.book._state if isinstance(array, np.ndarray)) < 10_000_000


def test_a_replace_is_one_row(mbo, watched):
    seen = watched(mbo(("A", "B", 1, P, 10), ("C", "B", 1, P, 10, 0), ("A", "B", 2, P, 6)))
    assert seen.best() == [(P, 10, 1, *NONE), (P, 6, 1, *NONE)]


def test_an_event_that_ends_as_it_began_tells_nothing(mbo, watched):
    seen = watched(mbo(("A", "B", 1, P, 10), ("A", "B", 2, P, 6, 0), ("C", "B", 2, P, 6)), levels=2)
    assert (len(seen.touch), len(seen.depth)) == (1, 1)


def test_an_order_knows_who_is_before_it(mbo, watched):
    book = watched(
        mbo(("A", "B", 1, P, 10), ("A", "B", 2, P, 5), ("A", "B", 3, P, 2), ("C", "B", 1, P, 4))
    ).book
    assert book.position(7, 1, 3) == (2, 11, 2)
    assert book.position(7, 1, 99) is None
    assert book.position(8, 1, 3) is None
