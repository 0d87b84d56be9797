"""Fills of the subgraph to rows: maker and taker, which side was given, and what is no trade."""

from tests.polymarket.answers import fetched, parsed

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
