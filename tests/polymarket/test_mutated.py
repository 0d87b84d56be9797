"""Every field of real answers and messages, left out or turned into something else: no crash, nothing lost, contracts held."""

import copy
import json

import pytest

from lakeflow.check import check_frame
from lakeflow.contract import load_contract
from stages.silver import polymarket_history
from tests.polymarket.answers import C, fetched, parsed
from tests.polymarket.conftest import FIRST, ROOT
from tests.polymarket.messages import replay
from tests.polymarket.test_bare import BOOK
from tests.polymarket.test_every_sample import ANSWERS, DATA, MESSAGES

ODD = (None, "", 0, -1, 0.5, 1e30, 1.0000001, "1", "-0.1", "NaN", "x", "\ud800", True, [], {}, [None], ["a"], [1, 2, 3], {"a": 1}, '["a"]',
       "2026-08-01 03:50:41+00", "2026-08-01 03:50:41", "0001-01-01T00:00:00Z", 10**30, "9" * 400, "0x" + "a" * 62, 2**63)  # fmt: skip
TOKEN, OTHER = "7" * 77, "8" * 77
MADE = {
    "data/v2/resolutions": {"data": [{"condition_id": C, "status": "resolved", "was_disputed": False, "new_version_q": False, "proposed_price": "69",
                                      "price": "1", "payouts": [1000000, 0], "resolved_at": "2026-01-05T11:00:00Z", "last_update_timestamp": "1767600000"}]},
    "data/v2/oi": {"data": [{"condition_id": C, "value": 12.5}]},
    "data/v2/trades": {"data": [{"proxy_wallet": "0xW", "side": "BUY", "token_id": TOKEN, "condition_id": C, "size": 10, "price": 0.5,
                                 "timestamp": 1767600000, "transaction_hash": "0xT"}]},
    "clob/prices-history": {"history": [{"t": 1767600000, "p": 0.85}]},
    "clob/batch-prices-history": {"history": {TOKEN: [{"t": 1767600000, "p": 0.85}]}},
    "data/v2/prices-history": {"data": [{"timestamp": 1767600000, "price": 0.5, "resolution_seconds": 60}]},
    "subgraph/conditions": {"data": {"conditions": [{"id": C, "payoutNumerators": ["1", "0"], "payoutDenominator": "1"}]}},
    "subgraph/orderFilledEvents": {"data": {"orderFilledEvents": [{"id": "0xt_0xo", "transactionHash": "0xt", "timestamp": "1767600000", "maker": "0xm",
                                   "taker": "0xe", "makerAssetId": "0", "takerAssetId": TOKEN, "makerAmountFilled": "500000", "takerAmountFilled": "1000000"}]}},
    "gamma/markets/keyset": {"markets": [{"id": "1", "conditionId": C, "outcomes": '["Yes", "No"]', "outcomePrices": '["0.4", "0.6"]',
                             "clobTokenIds": json.dumps([TOKEN, OTHER]), "events": [{"id": "9"}], "tags": [{"slug": "politics"}], "closedTime": "2026-08-01 03:50:41+00"}]},
    "gamma/events/keyset": {"events": [{"id": "9", "ticker": "t", "negRisk": True, "tags": [{"slug": "x"}], "markets": [{"id": "1", "conditionId": C}]}]},
    "clob/book": BOOK,
}  # fmt: skip
HELD = {"trades": "told_trades", "fills": "told_fills", "labels": "label"}


def places(node, above=()):
    """The way to every field, of lists to their first item."""
    for key, value in (
        node.items() if isinstance(node, dict) else enumerate(node[:1]) if isinstance(node, list) else ()
    ):
        yield (*above, key)
        yield from places(value, (*above, key))


def mutated(document, way):
    """The document without the field, and with each odd value in its place."""
    for odd in (..., *ODD):
        changed = copy.deepcopy(document)
        inner = changed
        for key in way[:-1]:
            inner = inner[key]
        if odd is ...:
            del inner[way[-1]]
        else:
            inner[way[-1]] = odd
        yield changed


def hold_their_contracts(tables):
    for name, rows in tables.items():
        contract = load_contract(ROOT / f"contracts/silver/{HELD.get(name, name)}.avsc")
        assert [str(each) for each in check_frame(rows, contract).errors] == []


def accounted(endpoint, document, ways):
    asked = {"endpoint": endpoint, "params": json.dumps({"market": TOKEN, "token_id": TOKEN, "fidelity": 1})}
    texts = [json.dumps(each) for way in ways for each in mutated(document, way)]
    found = parsed(fetched(*(asked | {"payload": text} for text in texts)))
    hold_their_contracts(found)
    endings = replay("PONG")["endings"]
    hold_their_contracts(
        polymarket_history.history(
            found["sightings"].lazy(), found["resolution_events"], endings, None, None, None, FIRST
        )
    )
    return texts, found


def silent(texts, found):
    """Answers of which there is neither a row nor a fault."""
    told = set(found["quarantine"]["ts_observed"].dt.epoch("ns") % 10**9)
    items = found["fetch_ledger"].sort("row")["items"].to_list()
    return [text for row, text in enumerate(texts) if not items[row] and row not in told]


@pytest.mark.parametrize("endpoint", MADE)
def test_an_answer_is_rows_or_named_whatever_a_field_of_it_is(endpoint):
    for text in silent(*accounted(endpoint, MADE[endpoint], places(MADE[endpoint]))):
        assert "[]" in text or ": {}" in text


@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of vendor samples is not there")
@pytest.mark.parametrize("every", [12, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize(
    "name", [name for name, (_, gives) in ANSWERS.items() if gives and name != "polymarket/gamma-event.json"]
)
def test_a_real_answer_is_rows_or_named_whatever_a_field_of_it_is(name, every):
    document = json.loads((DATA / name).read_text())
    ways = [way for way in places(document) if len(way) < 4][::every]
    for text in silent(*accounted(ANSWERS[name][0], document, ways)):
        assert is_empty(json.loads(text))


def is_empty(document):
    """Whether an answer lists nothing, or events of which none has a market."""
    listed = document if isinstance(document, list) else document.get("events", document.get("markets"))
    return all(isinstance(each, dict) and each.get("markets") == [] for each in listed or [])


ROWLESS = ("tick_size", "best_bid_ask", "new_market")  # understood, and no row of any table


@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of vendor samples is not there")
@pytest.mark.parametrize("name", MESSAGES)
def test_a_real_message_is_rows_or_named_whatever_a_field_of_it_is(name):
    document = json.loads((DATA / "polymarket_messages" / f"{name}.json").read_text())
    texts = [
        json.dumps(each, separators=s)
        for way in places(document)
        for each in mutated(document, way)
        for s in (None, (",", ":"))
    ]
    found = replay(*texts)
    hold_their_contracts(found)
    told = {row for table in ("book_events", "last_trades", "endings") for row in found[table]["row"]}
    told |= {int(place.split()[1]) for place in found["frame_quarantine"]["place"]}
    lost = [text for row, text in enumerate(texts) if row not in told]
    assert all('"price_changes":[]' in text.replace(" ", "") for text in lost) or any(
        each in name for each in ROWLESS
    )
