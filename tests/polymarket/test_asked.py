"""Of which markets the service of trades was asked, by its requests: none is told by what is in no answer."""

import json

import pytest

from lakeflow.vendors.polymarket.asked import asked_for_trades
from tests.polymarket.answers import C, fetched, parsed


@pytest.mark.parametrize(
    ("endpoint", "params", "status", "asked"),
    [
        ("data/v2/trades", {"condition_id": C}, 200, [C]),
        ("data/trades", {"market": C.upper().replace("0X", "0x")}, 200, [C]),
        ("https://data-api.polymarket.com/v2/trades", {"condition_id": [C]}, 200, [C]),
        ("data/v2/trades", {"condition_id": "0x" + "cd" * 31}, 200, ["0x" + "cd" * 31 + "00"]),
        ("data/v2/trades", {"condition_id": C}, 500, []),
        ("data/v2/trades", {}, 200, []),
        ("data/v2/oi", {"condition_id": C}, 200, []),
    ],
)
def test_which_markets_trades_were_asked_of(endpoint, params, status, asked):
    answer = {
        "endpoint": endpoint,
        "params": json.dumps(params),
        "http_status": status,
        "payload": {"data": []},
    }
    found = asked_for_trades(parsed(fetched(answer), [])["fetch_ledger"])
    assert found["condition_id"].to_list() == asked
