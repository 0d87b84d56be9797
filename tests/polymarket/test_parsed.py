"""Answers to rows: what is fetched twice is there once, what lacks a page is not published, and nothing is dropped unsaid."""

import json

import polars as pl

from lakeflow.vendors.polymarket.parsed import parsed

C = "0x" + "cd" * 32
MARKET = {"id": "1", "conditionId": C, "outcomes": '["Yes", "No"]', "clobTokenIds": '["11", "22"]'}
TRADE = {
    "token_id": "11",
    "condition_id": C,
    "side": "BUY",
    "price": 0.5,
    "size": 10,
    "timestamp": 1767600000,
    "transaction_hash": "0xT",
    "proxy_wallet": "0xW",
}


def fetched(*answers):
    given = {
        "sweep_id": "",
        "page_no": 0,
        "cursor_out": None,
        "http_status": 200,
        "params": "{}",
        "capture_id": "a",
    }
    rows = [
        given | {"row": n, "ts_observed": 1_767_600_000_000_000_000 + n, "duration_ms": 5, "payload_bytes": 1} | answer
        | {"payload": answer["payload"] if isinstance(answer["payload"], str) else json.dumps(answer["payload"])}
        for n, answer in enumerate(answers)
    ]  # fmt: skip
    schema = {"cursor_out": pl.String, "http_status": pl.Int32}
    return pl.DataFrame(rows, schema_overrides=schema).with_columns(
        pl.col("ts_observed").cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")
    )


def page(number, *markets, back=None, status=200):
    about = {
        "endpoint": "gamma/markets/keyset",
        "sweep_id": "open 01:00",
        "page_no": number,
        "cursor_out": back,
        "http_status": status,
    }
    return about | {"payload": {"markets": list(markets)}}


def points(*found, token="11"):
    rows = [{"timestamp": t, "price": p, "resolution_seconds": s} for t, p, s in found]
    return {
        "endpoint": "data/v2/prices-history",
        "params": json.dumps({"token_id": token}),
        "payload": {"data": rows},
    }


def trades(*rows):
    return {"endpoint": "data/v2/trades", "payload": {"data": list(rows)}}


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


EXCHANGE = "0x4bFb41d5B3570DeFd03C39a9A4D8dE6Bd8B8982E"
FILL = {
    "id": "0xT_0xO", "transactionHash": "0xT", "timestamp": "1767600000", "maker": "0xAA", "taker": "0xBB", "makerAssetId": "0",
    "takerAssetId": "11", "makerAmountFilled": "4000000", "takerAmountFilled": "10000000", "fee": "0",
}  # fmt: skip


def filled(*events):
    return parsed(
        fetched(
            {
                "endpoint": "subgraph/orderFilledEvents",
                "payload": {"data": {"orderFilledEvents": list(events)}},
            }
        ),
        [EXCHANGE],
    )


def test_a_match_is_told_by_maker_and_taker_and_its_volume_is_there_once():
    taker = FILL | {"id": "0xT_0xP", "maker": "0xCC", "taker": EXCHANGE, "makerAssetId": "11", "takerAssetId": "0",
                    "makerAmountFilled": "10000000", "takerAmountFilled": "4000000"}  # fmt: skip
    fills = filled(FILL, taker, FILL)["fills"]
    assert fills.select("side", "price", "wallet", "is_taker_leg").rows() == [
        ("BUY", 400_000, "0xaa", False), ("SELL", 400_000, "0xcc", True),
    ]  # fmt: skip
    assert fills.filter("is_taker_leg")["paid"].sum() == 4_000_000


def test_an_exchange_that_nobody_knows_is_named_and_its_fills_are_kept():
    other = "0x" + "7e" * 20
    taker = FILL | {"id": "0xT_0xP", "maker": "0xBB", "taker": other, "makerAssetId": "11", "takerAssetId": "0",
                    "makerAmountFilled": "10000000", "takerAmountFilled": "4000000"}  # fmt: skip
    made = filled(FILL, taker)
    assert made["fills"].select("wallet", "counterparty", "is_taker_leg").rows() == [
        ("0xaa", "0xbb", False),
        ("0xbb", other, False),
    ]
    assert made["quarantine"].select("reason", "payload").rows() == [("UNKNOWN_EXCHANGE", other)]
    assert filled(FILL, taker | {"taker": EXCHANGE})["quarantine"].is_empty()


def test_the_second_protocol_says_its_side_and_the_first_is_asked_which_asset_was_given():
    rows = filled(FILL | {"id": "a", "side": 1}, FILL | {"id": "b", "side": "0"}, FILL | {"id": "c"})["fills"]
    assert rows.select("side", "protocol").rows() == [("SELL", "v2"), ("BUY", "v2"), ("BUY", "v1")]


def test_a_fill_that_is_no_trade_is_in_quarantine():
    made = filled(
        FILL | {"makerAssetId": "7"},
        FILL | {"makerAmountFilled": "10000001"},
        FILL | {"id": ""},
        FILL | {"side": "2"},
    )
    assert made["fills"].is_empty()
    assert made["quarantine"]["reason"].to_list() == [
        "BAD_TOKEN_ID",
        "PRICE_RANGE",
        "NO_ID",
        "BAD_AMOUNT",
    ]


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
