"""The account's book against dictionaries that are added up from end to end, and what holds on every day."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.simulate.contracts import listed
from lakeflow.simulate.truth.account import Account, account, together
from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento.schemas import LAYOUTS

DAY = date(2026, 1, 6)
SECOND = 1_000_000_000
steps = st.lists(
    st.tuples(st.sampled_from("AACMR"), st.sampled_from("BA"), st.integers(1, 9), st.integers(95, 105), st.integers(1, 5),
              st.integers(1, 3)),
    min_size=1,
    max_size=80,
)  # fmt: skip


def step(book: dict, action: str, side: str, order: tuple[int, int], price: int, size: int) -> None:
    """What the documents say of a record, done to a dictionary from (publisher, order) to (side, price, size)."""
    if action == "R":
        for each in [each for each in book if each[0] == order[0]]:
            del book[each]
    elif action in "AM":
        book[order] = (side, price, size)
    elif order in book:
        side, price, held = book.pop(order)
        if held > size:
            book[order] = (side, price, held - size)


def ten(book: dict, side: str) -> list[tuple[int | None, int, int]]:
    prices = sorted({price for own, price, _ in book.values() if own == side}, reverse=side == "B")[:10]
    sizes = [[size for own, at, size in book.values() if (own, at) == (side, price)] for price in prices]
    levels = [(price, sum(each), len(each)) for price, each in zip(prices, sizes, strict=True)]
    return levels + [(None, 0, 0)] * (10 - len(levels))


@settings(max_examples=60, deadline=None)
@given(steps)
def test_ten_levels_are_those_of_dictionaries_after_any_records(given_steps):
    book: dict = {}
    rows = []
    for n, (action, side, order_id, price, size, publisher) in enumerate(given_steps):
        step(book, action, side, (publisher, order_id), price, size)
        row = {
            "publisher_id": publisher,
            "instrument_id": 7,
            "action": action,
            "side": "N" if action == "R" else side,
        }
        rows.append(
            row
            | {"order_id": order_id, "price": price, "size": size, "flags": 128, "ts_recv": n, "sequence": n}
        )
    last = account(filled(LAYOUTS["mbo"][3], rows), 1, 7)["depth"].row(-1, named=True)
    for side, word in (("B", "bid"), ("A", "ask")):
        assert ten(book, side) == [
            tuple(last[f"{word}_{what}_{n}"] for what in ("price", "size", "count")) for n in range(1, 11)
        ]


@pytest.fixture(scope="module", params=["calm", "hard"])
def day(request) -> tuple[np.ndarray, dict[str, pl.DataFrame]]:
    """The records of the front contract, and their account."""
    front, rows = listed("ES", DAY)[0], request.getfixturevalue(request.param)
    own = rows[rows["instrument_id"] == front.instrument_id]
    return own, account(own, front.tick, front.instrument_id)


def test_depths_are_accounted_for_and_a_second_starts_as_the_one_before_ended(day):
    flow = day[1]["flow"]
    assert (
        flow["depth_end"] == flow["depth_start"] + flow["add"] - flow["cancel"] - flow["fill"] + flow["shift"]
    ).all()
    assert (flow["depth_start"][6:] == flow["depth_end"][:-6]).all()
    assert flow["ts_second"].is_sorted()


def test_moves_add_up_to_the_change_of_the_two_sided_mid(day):
    bbo = day[1]["bbo"].drop_nulls(["bid_price", "ask_price"])
    mids = bbo["bid_price"] // 250_000_000 + bbo["ask_price"] // 250_000_000
    assert day[1]["moves"]["half_ticks"].sum() == mids[-1] - mids[0]


def test_the_last_quote_is_the_first_level_and_a_row_says_something_new(day):
    bbo, depth = day[1]["bbo"], day[1]["depth"]
    assert bbo["bid_price"][-1] == depth["bid_price_1"][-1]
    values = bbo.drop("row", "ts_recv", "ts_event")
    same = pl.all_horizontal(pl.all().eq_missing(pl.all().shift(1)))
    assert not values.select(same).to_series()[1:].any()


def test_trades_are_the_trades_of_the_records(day):
    rows, tables = day
    assert tables["trades"]["size"].to_list() == rows["size"][rows["action"] == b"T"].tolist()


def test_where_the_records_are_cut_changes_no_row(hard):
    front = listed("ES", DAY)[0]
    own = hard[hard["instrument_id"] == front.instrument_id][:9_000]
    whole, numbers = account(own, front.tick, front.instrument_id), np.arange(len(own))
    cut = Account(front.tick)
    pieces = [cut.follow(own[a:b], numbers[a:b]) for a, b in ((0, 1), (1, 8), (8, 5_000), (5_000, 9_000))]
    parts = together([*pieces, cut.finish()])
    assert all(parts[name].equals(whole[name]) for name in whole)
