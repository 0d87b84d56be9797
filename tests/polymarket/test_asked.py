"""Of which markets all trades of takers were asked, by the requests: none is told by what is in no answer, and no part is the whole."""

import json

import pytest

from lakeflow.forecast.tables.dollars_again import wholly_asked
from lakeflow.vendors.polymarket.asked import asked_for_trades
from tests.polymarket.answers import C, fetched, parsed

SHORT = "0x" + "cd" * 31
ALL = {"condition_id": C, "taker_only": "true"}


def ledger(endpoint, params, status=200, **said):
    about = {"endpoint": endpoint, "params": json.dumps(params), "http_status": status} | said
    return parsed(fetched(about | {"payload": {"data": []}}))["fetch_ledger"]


def both(*said, **more):
    """The markets that a request asks all of, by either way to tell."""
    rows = ledger(*said, **more)
    found = asked_for_trades(rows)["condition_id"].to_list()
    assert wholly_asked(rows)["condition_id"].to_list() == found
    return found


@pytest.mark.parametrize(
    ("endpoint", "params", "status", "asked"),
    [
        ("data/v2/trades", ALL, 200, [C]),
        ("data/trades", {"market": C.upper().replace("0X", "0x"), "takerOnly": True}, 200, [C]),
        ("https://data-api.polymarket.com/v2/trades", ALL | {"condition_id": [C, SHORT]}, 200, [C, f"{SHORT}00"]),
        ("data/v2/trades", {"condition_id": SHORT, "taker_only": "true"}, 200, [f"{SHORT}00"]),
        ("data/v2/trades", ALL, 500, []),
        ("data/v2/trades", {"taker_only": "true"}, 200, []),
        ("data/v2/oi", ALL, 200, []),
        ("clob/data/trades", {"market": C}, 200, []),
        ("clob/data/trades", {"market": C, "taker_only": "true"}, 200, []),
    ],
)  # fmt: skip
def test_which_markets_trades_were_asked_of(endpoint, params, status, asked):
    assert both(endpoint, params, status) == asked


@pytest.mark.parametrize(
    ("more", "is_whole"),
    [
        ({"limit": "1000"}, True),
        ({"start": "1", "end": "2"}, True),
        ({"user": None, "side": ""}, True),
        ({"offset": 0, "cursor": ""}, True),
        ({"taker_only": "false"}, False),
        ({"taker_only": False}, False),
        ({"taker_only": None}, False),
        ({"takerOnly": "false"}, False),
        ({"user": "0xme"}, False),
        ({"user": "0xme", "start": "1"}, False),
        ({"side": "BUY"}, False),
        ({"filter_type": "CASH", "filter_amount": "1000"}, False),
        ({"token_id": "11"}, False),
        ({"something": "new"}, False),
        ({"cursor": "c1"}, False),
        ({"offset": "500"}, False),
    ],
)
def test_a_part_and_a_page_further_on_are_not_the_whole(more, is_whole):
    assert both("data/v2/trades", ALL | more) == [C] * is_whole


def test_a_listing_by_number_was_asked_for_with_its_first_page():
    pages = [ALL | {"nth": None}, ALL]
    answers = [
        {"endpoint": "data/v2/trades", "params": json.dumps(params), "sweep_id": "s", "page_no": n, "payload": {"data": []}}
        | {"cursor_out": None if n else "c"}
        for n, params in enumerate(pages)
    ]  # fmt: skip
    rows = parsed(fetched(*answers))["fetch_ledger"]
    assert asked_for_trades(rows)["ts_observed"].to_list() == rows["ts_observed"].to_list()[:1]
    assert wholly_asked(rows)["ts_observed"].to_list() == rows["ts_observed"].to_list()[:1]
