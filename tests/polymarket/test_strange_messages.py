"""Messages whose fields are missing, renamed or of another type: each is a row or named in quarantine, in either reader."""

import json

import polars as pl
import pytest

from tests.polymarket.messages import M, replay

TOKEN = "7" * 77
CHANGE = {
    "asset_id": TOKEN,
    "price": "0.5",
    "size": "2",
    "side": "BUY",
    "hash": "5662",
    "best_bid": "0.5",
    "best_ask": "1",
}
CHANGED = {
    "market": "0x" + "a" * 64,
    "price_changes": [CHANGE],
    "timestamp": "1757908892351",
    "event_type": "price_change",
}
BOOK = {
    "event_type": "book",
    "market": M,
    "asset_id": TOKEN,
    "timestamp": "1757908892351",
    "bids": [{"price": "0.4", "size": "3"}],
    "asks": [],
}


def told(*messages):
    found = replay(*messages)
    return found["book_events"].height, found["frame_quarantine"]["reason"].to_list()


@pytest.mark.parametrize("token", ["abc", "-5", "12.0", "0x12", " 12", "1" * 79])
def test_a_token_that_is_none_is_refused_by_either_reader(token):
    said = CHANGED | {"price_changes": [CHANGE | {"asset_id": token}]}
    compact, spaced = json.dumps(said, separators=(",", ":")), json.dumps(said)
    assert told(compact) == told(spaced) == (0, ["BAD_TOKEN_ID"])
    assert told(BOOK | {"asset_id": token}) == (0, ["BAD_TOKEN_ID"] * 2)


@pytest.mark.parametrize("token", [123456, 7.5, True])
def test_a_trade_of_no_token_is_refused(token):
    said = {
        "event_type": "last_trade_price",
        "market": M,
        "asset_id": token,
        "price": "0.5",
        "size": "1",
        "side": "BUY",
        "fee_rate_bps": "0",
    }
    found = replay(said)
    assert found["last_trades"].height + found["frame_quarantine"].height == 1
    assert found["last_trades"]["token_id"].to_list() == (["123456"] if token == 123456 else [])


@pytest.mark.parametrize("lacking", [{}, {"price_changes": None}, {"changes_v3": [CHANGE]}])
def test_a_change_that_lists_none_is_named(lacking):
    said = {name: value for name, value in CHANGED.items() if name != "price_changes"} | lacking
    assert told(said) == (0, ["BAD_ARRAY"])


def test_a_change_that_says_that_nothing_changed_is_none():
    assert told(CHANGED | {"price_changes": []}) == (0, [])


def test_a_book_without_its_sides_is_named_and_what_stood_before_it_is_not_known_any_more():
    renamed = {name: value for name, value in BOOK.items() if name not in ("bids", "asks")} | {
        "b": [],
        "a": [],
    }
    found = replay(BOOK, renamed)
    assert found["frame_quarantine"]["reason"].to_list() == ["BAD_ARRAY"]
    assert found["book_tops"].sort("row").filter(pl.col("row") >= 0)["bid"].to_list() == [400_000, None]


@pytest.mark.parametrize(
    "sides", [{"bids": [], "asks": []}, {"bids": None, "asks": []}, {"buys": [], "sells": []}]
)
def test_an_empty_book_is_a_book(sides):
    said = {name: value for name, value in BOOK.items() if name not in ("bids", "asks")} | sides
    assert told(said) == (1, [])
