"""A day's silver is the same rows however much of it is held at a time."""

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.vendors.polymarket.booked import by_markets
from lakeflow.vendors.polymarket.replay import Sizes
from tests.polymarket.conftest import silver_of
from tests.polymarket.messages import A, B, book, change, changed, framed
from tests.polymarket.test_overheard import archived

DAY = date(2026, 1, 5)
TOKENS = {A: "0xm", B: "0xm", "3": "0xm", "4": "0xn", "5": None}
CHANGE = st.builds(
    lambda token, cents, size, side: (TOKENS[token], change(f"0.{cents}", size, side, token)),
    st.sampled_from(sorted(TOKENS)), st.integers(44, 56), st.integers(0, 3), st.sampled_from(["BUY", "SELL"]),
)  # fmt: skip
BOOK = st.sampled_from(sorted(TOKENS)).map(lambda token: book(token) | {"market": TOKENS[token]})
TRADE = {"event_type": "last_trade_price", "market": "0xm", "asset_id": A, "price": "0.5", "size": "1", "side": "BUY", "timestamp": "1767600000000", "fee_rate_bps": "0"}  # fmt: skip
ODD = st.sampled_from(
    ["PONG", "{", changed(change("7", 1)), changed(change("0.5", 1)) | {"market": "0xother"}, TRADE]
)
MESSAGES = st.one_of(
    st.lists(CHANGE, min_size=1, max_size=4).map(lambda some: changed(*(each for _, each in some)) | {"market": some[0][0]}),
    st.lists(BOOK, min_size=1, max_size=3), BOOK, ODD,
)  # fmt: skip
ROW = st.builds(
    lambda price, size, side: {"event_type": "price_change", "price": f"0.{price}00", "size": f"{size}.000000", "side": side},
    st.integers(44, 56), st.integers(0, 3), st.sampled_from(["BUY", "SELL"]),
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(
    st.lists(MESSAGES, min_size=1, max_size=14), st.lists(st.sampled_from("ab"), min_size=14, max_size=14),
    st.lists(ROW, max_size=4), st.integers(1, 5), st.integers(0, 2_000),
)  # fmt: skip
def test_silver_is_the_same_however_much_is_held(told, captures, rows, frames, room):
    given_frames = framed(*told, capture=captures[: len(told)])
    hour = archived(*rows) if rows else None
    whole = silver_of(given_frames, DAY, 3, hour)
    cut = silver_of(given_frames, DAY, 3, hour, Sizes(frames, room))
    assert {name: rows.rows() for name, rows in cut.items()} == {n: rows.rows() for n, rows in whole.items()}
    keys = whole["book_tops"].select("token_id", pl.col("ts_recv").dt.epoch("ns"), "row", "message_no").rows()
    assert keys == sorted(set(keys))


def test_a_silence_that_ends_with_a_part_is_one_gap():
    frames = framed(*[book()] * 4).with_columns(pl.col("ts_recv") + pl.col("row") * timedelta(minutes=1))
    found = [silver_of(frames, DAY, 30, sizes=Sizes(size, 1 << 20))["book_gaps"].rows() for size in (1, 2, 4)]
    assert found[0] == found[1] == found[2]


@given(st.lists(st.integers(0, 5), min_size=1).map(sorted), st.integers(1, 6))
def test_markets_are_stepped_through_whole_whatever_is_stepped_through_at_a_time(pairs, most):
    parts = [part["pair"].to_list() for part in by_markets(pl.DataFrame({"pair": pairs}), most)]
    assert [pair for part in parts for pair in part] == pairs
    assert all(one[-1] < other[0] for one, other in pairwise(parts))
