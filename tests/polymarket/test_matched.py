"""What is told beside a trade: how many makers it was matched with and by which exchange; and the transaction of a resolution."""

from datetime import date

from lakeflow.vendors.polymarket.items import resolution
from stages.silver.polymarket_trades import once
from tests.polymarket.answers import TRADE, C, fetched, parsed, trades

EXCHANGE = "0x4bfb41d5b3570defd03c39a9a4d8de6bd8b8982e"
SOLD = {"makerAssetId": "11", "takerAssetId": "0", "makerAmountFilled": "10000000", "takerAmountFilled": "5000000"}  # fmt: skip
BOUGHT = {"makerAssetId": "0", "takerAssetId": "11", "makerAmountFilled": "5000000", "takerAmountFilled": "10000000"}  # fmt: skip
MAKER = {
    "id": "0xT_0xA",
    "transactionHash": "0xT",
    "timestamp": TRADE["timestamp"],
    "maker": "0xA",
    "taker": "0xW",
}
AT_CUTOVER = 1_777_374_000  # 2026-04-28 11:00 UTC


def beside(*rows, fills=(), earlier=(), again=()):
    """Makers and version of the trades of a day, by the fills of that day and of earlier ones."""
    told = parsed(fetched(trades(*rows), chain(fills), trades(*again)), [EXCHANGE])
    before = parsed(fetched(chain(earlier)), [EXCHANGE])
    today = [told[name] for name in ("trades", "fills", "price_points")]
    made = once(
        *today, *(before[name].lazy() for name in ("trades", "fills", "price_points")), date(2026, 1, 6)
    )
    return made["trades"].select("maker_count", "protocol_version").rows()


def chain(fills):
    return {
        "endpoint": "subgraph/orderFilledEvents",
        "payload": {"data": {"orderFilledEvents": list(fills)}},
    }


def test_makers_are_counted_by_the_fills_against_the_taker_and_its_own_leg_is_none():
    makers = [MAKER | SOLD, MAKER | SOLD | {"id": "0xT_0xB", "maker": "0xB"}]
    taker = MAKER | BOUGHT | {"id": "0xT_0xW", "maker": "0xW", "taker": EXCHANGE}
    stranger = MAKER | SOLD | {"id": "0xT_0xC", "maker": "0xC", "taker": "0xV"}
    assert beside(TRADE, fills=[*makers, taker, stranger]) == [(2, "v1")]


def test_fills_that_an_earlier_day_told_count_and_the_version_is_the_chain_s_own():
    assert beside(TRADE, earlier=[MAKER | SOLD | {"side": 1}]) == [(1, "v2")]


def test_the_makers_that_the_service_names_are_counted_where_the_chain_is_silent():
    named = {"market": C, "asset_id": "11", "side": "BUY", "price": "0.5", "size": "10", "match_time": str(TRADE["timestamp"]),
             "transaction_hash": "0xT", "maker_address": "0xW", "maker_orders": [{}, {}, {}]}  # fmt: skip
    assert beside(TRADE, again=[named]) == [(3, "v1")]


def test_of_a_trade_whose_makers_nobody_named_their_number_is_not_known():
    last, first = TRADE | {"timestamp": AT_CUTOVER - 1}, TRADE | {"timestamp": AT_CUTOVER}
    assert beside(last, first) == [(None, "v1"), (None, "v2")]


def test_a_resolution_has_its_transaction_and_an_empty_one_is_none():
    said = {"condition_id": C, "status": "resolved", "payouts": [1_000_000, 0]}
    found = [resolution(said | {"transaction_hash": each}, {}).transaction for each in ("0xAB", "", None)]
    assert found == ["0xab", None, None]
