"""Messages that name a token strangely, or a trade that is none: the day is replayed, and what is no row says so."""

import polars as pl
import pytest

from tests.polymarket.messages import A, book, change, changed, quotes, replay


def reasons(found):
    return found["frame_quarantine"].select("meant_for", "reason").rows()


def each_once(found):
    return found["book_tops"].is_unique().all() and not found["book_tops"].select(
        "token_id", "ts_recv", "row", "message_no"
    ).is_duplicated().any()  # fmt: skip


def trade(**said):
    usual = {"market": "0xm", "asset_id": A, "price": "0.5", "size": "10", "side": "BUY", "fee_rate_bps": "0"}
    return {"event_type": "last_trade_price", "timestamp": "1767600000000"} | usual | said


def test_a_book_is_its_token_s_and_another_market_s_name_is_in_quarantine():
    stray = changed(change(0.49, 10)) | {"market": "0xother"}
    found = replay(book(), stray, changed(change(0.50, 10)))
    assert [bid for bid, *_ in quotes(found)] == [480_000, 500_000]
    assert reasons(found) == [("book_events", "OTHER_MARKET")]
    assert each_once(found)


@pytest.mark.parametrize("market", [None, ""])
@pytest.mark.parametrize("lacking", [0, 1])
def test_a_message_without_its_market_is_its_token_s(market, lacking):
    frames = [book(), changed(change(0.49, 10))]
    frames[lacking] |= {"market": market}
    found = replay(*frames)
    assert [bid for bid, *_ in quotes(found)] == [480_000, 490_000]
    assert not reasons(found)
    assert each_once(found)


def test_tokens_whose_market_nobody_names_are_no_mirrors():
    found = replay(book() | {"market": None}, book("2") | {"market": None})
    assert found["book_tops"]["mirror_ok"].to_list() == [None] * found["book_tops"].height


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"price": "1.5"}, "PRICE_RANGE"), ({"price": "0.33333"}, "PRICE_RANGE"), ({"price": ""}, "BAD_AMOUNT"),
        ({"price": None}, "BAD_AMOUNT"), ({"size": "-1"}, "BAD_AMOUNT"), ({"size": "many"}, "BAD_AMOUNT"),
        ({"asset_id": ""}, "NO_ID"), ({"asset_id": None}, "NO_ID"),
    ],
)  # fmt: skip
def test_a_trade_that_is_none_is_in_quarantine_and_costs_no_other(said, reason):
    found = replay(trade(), trade(**said), [trade(), trade(**said)])
    assert found["last_trades"].height == 2
    assert reasons(found) == [("last_trades", reason)] * 2


def test_an_ending_of_no_market_is_in_quarantine():
    ended = {
        "event_type": "market_resolved",
        "market": "0xm",
        "winning_asset_id": A,
        "timestamp": "1767600000000",
    }
    found = replay(ended, ended | {"market": None})
    assert found["endings"]["condition_id"].to_list() == ["0xm"]
    assert reasons(found) == [("endings", "NO_ID")]


def test_the_place_in_quarantine_is_that_of_the_message():
    places = replay([trade(), trade(price="2")])["frame_quarantine"].select("place", "payload")
    assert places.select(
        pl.col("place").str.starts_with("row 0 1"), pl.col("payload").str.contains('"2"')
    ).row(0) == (True, True)
