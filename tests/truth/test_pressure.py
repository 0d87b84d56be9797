"""Order flow imbalance, by the printed sequences and by symmetry."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.truth.pressure import Side, first_component, imbalances, integrated
from tests.textbook import STATES


def books(*rows):
    bid, bid_size, ask, ask_size = (np.array(column, np.int64)[:, None] for column in zip(*rows, strict=True))
    return Side(bid, bid_size), Side(ask, ask_size)


def test_each_event_counts_what_joined_less_what_left():
    found = imbalances(*books(*STATES))
    assert found[:, 0].tolist() == [5, 5, 11, 0, -4]
    assert found.sum() == 17


def test_end_points_alone_lose_the_sign():
    rows = [(100, 10, 103, 5), (100, 2, 103, 5), (101, 4, 103, 5)]
    assert imbalances(*books(*rows))[:, 0].tolist() == [-8, 4]
    assert imbalances(*books(rows[0], rows[-1]))[:, 0].tolist() == [4]


def test_a_side_that_empties_takes_all_of_its_lots():
    assert imbalances(*books((100, 10, 101, 5), (0, 0, 101, 5), (100, 3, 0, 0)))[:, 0].tolist() == [-10, 8]


PRICES = st.tuples(st.integers(90, 100), st.integers(0, 9), st.integers(101, 110), st.integers(0, 9))


@given(st.lists(PRICES, min_size=2, max_size=20))
def test_a_mirrored_book_has_the_opposite_imbalance(rows):
    bid, ask = books(*rows)
    mirrored = imbalances(Side(-ask.price, ask.size), Side(-bid.price, bid.size))
    assert (mirrored == -imbalances(bid, ask)).all()


def test_levels_are_weighted_to_one_number():
    assert integrated(np.array([[1.0, 3.0]])).tolist() == [2]
    assert integrated(np.array([[1.0, 3.0]]), np.array([3.0, 1.0])).tolist() == [1.5]


def test_the_first_component_points_up_along_the_common_move():
    common = np.random.default_rng(1).normal(size=200)
    vector = first_component(-np.column_stack([common, 2 * common]))
    assert vector == pytest.approx(np.array([1, 2]) / 5**0.5)
