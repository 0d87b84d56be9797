"""Answers to rows: what is fetched twice is there once, what lacks a page is not published, and nothing is dropped unsaid."""

import hashlib

from tests.polymarket.answers import MARKET, TRADE, C, fetched, page, parsed, points, trades


def test_a_point_at_the_border_of_two_windows_is_one_row():
    found = parsed(
        fetched(points((1767600000, ".4", 60), (1767600060, ".5", 60)), points((1767600060, ".5", 60)))
    )
    assert found["price_points"]["price"].to_list() == [400_000, 500_000]


def test_a_bucket_s_price_is_known_when_the_bucket_ends():
    found = parsed(fetched(points((1767600000, ".4", 43200))))["price_points"]
    assert (found["ts_known"] - found["ts_event"]).dt.total_seconds().to_list() == [43200]


def test_two_fills_alike_in_one_transaction_are_two_trades():
    assert parsed(fetched(trades(TRADE, TRADE)))["trades"]["ordinal"].to_list() == [0, 1]


def test_trades_that_are_fetched_again_are_there_once():
    assert parsed(fetched(trades(TRADE, TRADE), trades(TRADE, TRADE)))["trades"].height == 2


def test_both_spellings_of_a_trade_are_the_same():
    old = {
        "asset": "11",
        "conditionId": C,
        "side": "BUY",
        "price": 0.5,
        "size": 10,
        "timestamp": 1767600000,
        "transactionHash": "0xT",
        "proxyWallet": "0xW",
    }
    assert parsed(fetched(trades(TRADE), trades(old)))["trades"].height == 1


def test_a_sweep_that_lacks_a_page_publishes_nothing():
    found = parsed(fetched(page(0, MARKET, back="c1"), page(1, status=500)))
    assert found["sightings"].is_empty()
    assert set(found["quarantine"]["reason"]) == {"INCOMPLETE_SWEEP"}
    assert found["fetch_ledger"]["complete"].to_list() == [False, False]


def test_a_page_that_was_fetched_again_makes_the_sweep_whole():
    found = parsed(fetched(page(0, MARKET, back="c1"), page(1, status=500), page(1)))
    assert found["sightings"].height == 1


def test_an_empty_page_with_a_cursor_goes_on():
    assert parsed(fetched(page(0, back="c1"), page(1, MARKET)))["sightings"].height == 1


def test_a_full_last_page_is_suspected_of_being_cut():
    many = [MARKET | {"conditionId": f"0x{n:064x}", "id": str(n + 1)} for n in range(100)]
    assert parsed(fetched(page(0, *many)))["fetch_ledger"]["truncation_suspected"].to_list() == [True]


def test_every_item_is_a_row_or_in_quarantine():
    found = parsed(
        fetched(
            page(0, MARKET, MARKET | {"id": None}, MARKET | {"outcomePrices": '["0.4"]'}),
            trades(TRADE | {"price": 2}),
        )
    )
    assert found["sightings"].height + found["trades"].height == 1
    assert sorted(found["quarantine"]["reason"]) == ["LEN_MISMATCH", "NO_ID", "PRICE_RANGE"]


def test_an_answer_that_is_no_json_and_an_endpoint_nobody_knows_are_in_quarantine():
    found = parsed(
        fetched({"endpoint": "data/v2/oi", "payload": "{cut"}, {"endpoint": "data/v9/new", "payload": "{}"})
    )
    assert found["quarantine"]["reason"].to_list() == ["UNKNOWN_EVENT_TYPE", "BAD_JSON"]


def test_a_page_that_is_no_listing_makes_the_sweep_incomplete():
    broken = page(1) | {"payload": "<html>busy</html>"}
    found = parsed(fetched(page(0, MARKET, back="c1"), broken))
    assert found["sightings"].is_empty()
    assert sorted(found["quarantine"]["reason"]) == ["BAD_JSON", "INCOMPLETE_SWEEP"]
    assert found["fetch_ledger"].select("complete", "items").rows() == [(False, 0), (False, 0)]


def test_a_page_that_was_no_listing_and_was_fetched_again_makes_the_sweep_whole():
    found = parsed(fetched(page(0, MARKET, back="c1"), page(1) | {"payload": "null"}, page(1)))
    assert (found["sightings"].height, found["quarantine"]["reason"].to_list()) == (1, ["BAD_JSON"])
    assert found["fetch_ledger"]["complete"].to_list() == [True, False, True]


def test_an_answer_alone_that_is_no_listing_is_not_complete():
    found = parsed(fetched({"endpoint": "data/oi", "payload": "<html>"}))
    assert found["fetch_ledger"]["complete"].to_list() == [False]


def test_a_request_has_the_digest_of_its_parameters_by_which_alike_ones_are_found():
    asked = [points((1, "0.5", 60), token=each) for each in ("11", "22", "11")]
    ledger = parsed(fetched(*asked))["fetch_ledger"]
    first, other, again = ledger["params_sha256"]
    assert first == again == hashlib.sha256(b'{"token_id": "11"}').hexdigest() != other
