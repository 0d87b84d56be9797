"""One odd value costs its own item and no other: it is in quarantine with its reason, and the day goes on."""

import json

import pytest

from lakeflow.vendors.polymarket.answers import Fetch, answer
from lakeflow.vendors.polymarket.faults import Fault, quarantine
from lakeflow.vendors.polymarket.found import TABLE_OF, told
from lakeflow.vendors.polymarket.otherwise import Asked
from tests.polymarket.answers import frame

C, NOW = "0x" + "ab" * 32, 1_767_574_800
MARKET = {
    "id": "1",
    "conditionId": C,
    "question": "q",
    "outcomes": '["Yes", "No"]',
    "clobTokenIds": '["11", "22"]',
}
TRADE = {"token_id": "11", "condition_id": C, "timestamp": NOW, "side": "BUY", "price": "0.5", "size": "10"}
POINT = {"timestamp": NOW, "price": "0.5", "resolution_seconds": 60}
INTEREST, RESOLUTION = {"condition_id": C, "value": 5}, {"condition_id": C, "status": "resolved"}
BOOK = {"market": C, "asset_id": "11", "timestamp": NOW, "bids": [], "asks": []}
CHAIN = {"id": C, "payoutNumerators": ["1", "0"], "payoutDenominator": "1"}
FILL = {
    "id": "f", "transactionHash": "0xt", "makerAssetId": "0", "takerAssetId": "11", "makerAmountFilled": "5", "takerAmountFilled": "10",
    "timestamp": str(NOW),
}  # fmt: skip
CLOB = {"condition_id": C, "closed": True, "tokens": [{"winner": True}, {"winner": False}]}
ASKED = {"clob/prices-history": {"market": "11", "fidelity": "1"}, "data/prices-history": {"token_id": "11"}}
GOOD = {
    "gamma/markets": MARKET, "data/trades": TRADE, "data/prices-history": POINT, "data/oi": INTEREST, "data/resolutions": RESOLUTION,
    "clob/books": BOOK, "subgraph/conditions": CHAIN, "subgraph/orderFilledEvents": FILL, "clob/markets": CLOB,
    "clob/prices-history": {"t": NOW, "p": 0.5},
}  # fmt: skip
WRAPPED = {
    "gamma/markets": lambda items: {"markets": items}, "clob/prices-history": lambda items: {"history": items},
    "subgraph/conditions": lambda items: {"data": {"conditions": items}},
    "subgraph/orderFilledEvents": lambda items: {"data": {"orderFilledEvents": items}},
}  # fmt: skip
TWICE = [{"price": "0.4", "size": "5"}, {"price": "0.40", "size": "7"}]
ODD = [
    ("gamma/markets", {"outcomes": '["half \ud83d", "No"]'}, "BAD_JSON"),
    ("gamma/markets", {"outcomePrices": '["1.0000001", "0"]'}, "PRICE_RANGE"),
    ("data/trades", {"token_id": 1.2e77}, "BAD_TOKEN_ID"),
    ("data/trades", {"token_id": None}, "NO_ID"),
    ("data/trades", {"condition_id": None}, "NO_ID"),
    ("data/trades", {"size": "-10"}, "BAD_AMOUNT"),
    ("data/trades", {"size": "1e20"}, "BAD_AMOUNT"),
    ("data/trades", {"side": None}, "BAD_AMOUNT"),
    ("data/trades", {"side": "HOLD"}, "BAD_AMOUNT"),
    ("data/prices-history", {"resolution_seconds": "60s"}, "BAD_AMOUNT"),
    ("data/prices-history", {"resolution_seconds": 10**30}, "BAD_AMOUNT"),
    ("data/prices-history", {"resolution_seconds": 10**12}, "BAD_AMOUNT"),
    ("data/oi", {"condition_id": None}, "NO_ID"),
    ("data/oi", {"value": -5}, "BAD_AMOUNT"),
    ("data/resolutions", {"condition_id": None}, "NO_ID"),
    ("data/resolutions", {"payouts": ["1.0", "0"]}, "BAD_AMOUNT"),
    ("data/resolutions", {"payouts": [1.0, 0.0]}, "BAD_AMOUNT"),
    ("data/resolutions", {"payouts": [10**30, 0]}, "BAD_AMOUNT"),
    ("data/resolutions", {"was_disputed": "perhaps"}, "BAD_AMOUNT"),
    ("clob/books", {"asset_id": 1.2e77}, "BAD_TOKEN_ID"),
    ("clob/books", {"bids": [{"price": "0.4", "size": "-5"}]}, "BAD_AMOUNT"),
    ("clob/books", {"bids": TWICE}, "BAD_ARRAY"),
    ("clob/books", {"asks": [None]}, "BAD_JSON"),
    ("clob/markets", {"tokens": [None]}, "BAD_JSON"),
    ("clob/markets", {"tokens": [{"winner": 1}, {"winner": 0}]}, "BAD_AMOUNT"),
    ("subgraph/conditions", {"payoutNumerators": ["a"]}, "BAD_AMOUNT"),
    ("subgraph/orderFilledEvents", {"makerAmountFilled": "x"}, "BAD_AMOUNT"),
    ("subgraph/orderFilledEvents", {"takerAssetId": 1.2e77}, "BAD_TOKEN_ID"),
]  # fmt: skip


def read(endpoint, items, params=None):
    """The items of an answer, each written to its table or to quarantine, as a day would be."""
    body = WRAPPED.get(endpoint, lambda found: {"data": found})(items)
    asked = json.dumps(ASKED.get(endpoint, {}) | (params or {}))
    text = json.dumps(items if endpoint.startswith("clob/b") or endpoint == "clob/markets" else body)
    return written(answer(Fetch(NOW * 10**9, "a", endpoint, asked, 200, text)))


def written(got):
    faults = [each for each in got.items if isinstance(each, Fault)]
    assert quarantine(faults).height == len(faults)
    rows = [each for each in got.items if not isinstance(each, Fault)]
    for each in rows:
        name = TABLE_OF[type(each)]
        assert frame(name, [(Asked(NOW, ""), told(each))]).height == 1
    return len(rows), [fault.reason for fault in faults]


@pytest.mark.parametrize(("endpoint", "odd", "reason"), ODD)
def test_an_odd_value_costs_its_own_item(endpoint, odd, reason):
    good = GOOD[endpoint]
    assert read(endpoint, [good, good | odd, good]) == (2, [reason])


@pytest.mark.parametrize("endpoint", GOOD)
@pytest.mark.parametrize("item", [None, 5, "x", [1], {}], ids=str)
def test_an_item_that_is_none_costs_no_other(endpoint, item):
    rows, reasons = read(endpoint, [GOOD[endpoint], item, GOOD[endpoint]])
    assert (rows, len(reasons)) == (2, 1)


@pytest.mark.parametrize(
    "body", ["null", "5", '{"markets": null}', '{"markets": {}}', "[" * 100_000, "<html>"]
)
def test_a_body_that_is_no_listing_is_one_fault(body):
    got = answer(Fetch(NOW, "a", "gamma/markets", "{}", 200, body))
    assert (written(got), got.is_listing) == ((0, ["BAD_JSON"]), False)


@pytest.mark.parametrize("fidelity", ["abc", 1.5, 10**9])
def test_a_request_that_says_no_bucket_is_named(fidelity):
    item = GOOD["clob/prices-history"]
    assert read("clob/prices-history", [item], {"fidelity": fidelity}) == (0, ["BAD_AMOUNT"])


def test_an_answer_that_nobody_can_read_yet_is_a_listing_all_the_same():
    got = answer(Fetch(NOW, "a", "gamma/sorts", "{}", 200, "[]"))
    assert (written(got), got.is_listing) == ((0, ["UNKNOWN_EVENT_TYPE"]), True)


@pytest.mark.parametrize(
    "said", [{"was_disputed": "false"}, {"was_disputed": None}, {"new_version_q": False}]
)
def test_the_text_false_is_no_yes(said):
    items = json.dumps({"data": [RESOLUTION | said]})
    found = answer(Fetch(NOW, "a", "data/resolutions", "{}", 200, items)).items[0]
    assert (found.was_disputed, found.rules_updated) == (False, False)


@pytest.mark.parametrize("field", ["events", "tags"])
@pytest.mark.parametrize(("value", "kind"), [(5, "int"), (True, "bool"), ({"a": 1}, "dict"), ("x", "str")])
def test_a_list_that_is_none_is_named_and_its_market_kept(field, value, kind):
    text = json.dumps({"markets": [MARKET | {field: value}]})
    found = answer(Fetch(NOW, "a", "gamma/markets", "{}", 200, text)).items[0]
    assert found.not_understood == [f"{field}:{kind}"]


def test_a_market_that_says_no_in_text_is_in_no_group():
    text = json.dumps({"markets": [MARKET | {"negRisk": "false", "negRiskMarketID": "0xg"}]})
    found = answer(Fetch(NOW, "a", "gamma/markets", "{}", 200, text)).items[0]
    assert (found.neg_risk, found.group_id, found.not_understood) == (False, None, ["negRisk:str"])
