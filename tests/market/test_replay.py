"""Streams longer than a hand can write: growing books, odd windows and ticks, markets that walk away."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.market.book import Replay, Room, depth_rows
from lakeflow.market.records import MBO
from lakeflow.vendors.databento.layouts import MBO as VENDOR_MBO

TICK = 250_000_000


def test_a_record_is_laid_out_as_the_vendor_lays_it_out():
    assert MBO == VENDOR_MBO


def test_records_of_another_size_are_refused():
    with pytest.raises(ValueError, match="an order record has 56 bytes, these have 8"):
        Replay(TICK).apply(np.zeros(3, [("order_id", "<u8")]))


@pytest.mark.parametrize("window", [0, 5000, 2048])
def test_a_window_that_bits_do_not_divide_is_refused(window):
    with pytest.raises(ValueError, match="power of two"):
        Replay(TICK, window=window)


@pytest.mark.parametrize("tick", [0, -1, 2**44])
def test_a_tick_that_no_price_has_is_refused(mbo, tick):
    with pytest.raises(ValueError, match="instrument 7: a tick is between"):
        Replay({7: tick}).apply(mbo(("A", "B", 1, 100, 1)))


def replay(rows, chunk, **how):
    book = Replay(TICK, levels=10, **how)
    told = [book.apply(rows[at : at + chunk]).depth.copy() for at in range(0, len(rows), chunk)]
    return np.concatenate(told), book


def assert_like_twin(rows, twins, chunk, **how):
    twin = twins(10).apply(rows)
    depth, _ = replay(rows, chunk, **how)
    assert len(depth) == len(twin.rows)
    for row, (number, _, _, sides, suspect) in zip(depth, twin.rows, strict=True):
        assert (row["number"], bool(row["suspect"])) == (number, suspect)
        for side, levels in zip(("bid", "ask"), sides, strict=True):
            assert [
                tuple(level)
                for level in zip(
                    *(row[f"{side}_{w}"].tolist() for w in ("price", "size", "count")), strict=True
                )
            ] == levels


@settings(max_examples=20)
@given(chunk=st.integers(1, 700), seed=st.integers(0, 9))
def test_neither_the_chunks_nor_the_room_change_a_row(mbo, chunk, seed):
    rows = spread(mbo, 600, seed)
    whole, _ = replay(rows, 4096)
    cut, _ = replay(rows, chunk, room=Room(1, 1), window=4096)
    assert np.array_equal(whole, cut)


def spread(mbo, count, seed):
    """Adds far and near, half of them cancelled again; a third of the prices lie between ticks or outside a window."""
    luck = np.random.default_rng(seed)
    prices = luck.choice([TICK, TICK * 5_000, TICK // 3], count) * luck.integers(-40, 40, count)
    lines = [("A", "BA"[n % 2], n, int(price), 5) for n, price in enumerate(prices)]
    lines += [("C", "BA"[n % 2], n, int(prices[n]), 5) for n in luck.permutation(count)[: count // 2]]
    return mbo(*lines)


def test_prices_all_over_the_place_are_ordered_as_the_twin_orders_them(mbo, twins):
    assert_like_twin(spread(mbo, 300, 1), twins, 97, window=4096)


def test_a_market_that_walks_out_of_its_window_takes_it_along(mbo):
    steps = 2 * 4096
    lines = [
        line
        for n in range(steps)
        for line in (("A", "B", n, n * TICK, 1), ("C", "B", n - 2, (n - 2) * TICK, 1))
    ][3:]
    book, strays = Replay(TICK, window=4096), []
    rows = mbo(("A", "B", 0, 0, 1), ("A", "B", 1, TICK, 1), *lines[1:])
    for at in range(0, len(rows), 512):
        best = book.apply(rows[at : at + 512]).touch["bid_price"][-1]
        strays.append(int(book._state.counts[5]))
    assert best == (steps - 1) * TICK
    assert max(strays) > 2_000
    assert strays[-1] == 0


def test_what_comes_in_is_what_rests_and_what_was_taken_out(mbo):
    rows = spread(mbo, 500, 4)
    book = replay(rows, 64)[1]
    came, went = (rows["size"][rows["action"] == action].sum() for action in (b"A", b"C"))
    assert book.resting(7, 1)["size"].sum() == came - went


def test_a_row_of_the_depth_is_a_whole_number_of_words():
    assert depth_rows(10).itemsize == 8 * 64
