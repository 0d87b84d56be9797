"""Answers that leave something out are named, and their trades are the sum of nothing."""

import json

import pytest

from lakeflow.vendors.polymarket.asked import asked_for_trades
from tests.polymarket.answers import MARKET, TRADE, C, fetched, page, parsed


def sold(count, params=None, **said):
    rows = [TRADE | {"transaction_hash": f"0x{n}"} for n in range(count)]
    asked = json.dumps({"condition_id": C, "taker_only": True} | (params or {}))
    return {"endpoint": "data/v2/trades", "params": asked, "payload": {"data": rows} | said}


def more(cursor, has_more=True):
    return {"pagination": {"has_more": has_more, "next_cursor": cursor}}


def ledger(*answers):
    return parsed(fetched(*answers))["fetch_ledger"].select("complete", "truncation_suspected").rows()


WHOLE, CUT = (True, False), (False, True)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([sold(3)], [WHOLE]),
        ([sold(3, **more(None))], [CUT]),
        ([sold(3, **more("c1"))], [CUT]),
        ([sold(3, has_more=True)], [CUT]),
        ([sold(3, **more("c1")), sold(2, {"cursor": "c1"}, **more(None, has_more=False))], [WHOLE, WHOLE]),
        ([sold(3, **more("c1")), sold(3, {"cursor": "c1"}, **more("c2"))], [CUT, CUT]),
        ([sold(3, **more("c1")), sold(2, {"cursor": "c9"})], [CUT, WHOLE]),
        ([sold(5, {"limit": 5})], [CUT]),
        ([sold(5, {"limit": 5}, **more(None, has_more=False))], [WHOLE]),
        ([sold(4, {"limit": 5})], [WHOLE]),
        ([sold(5, {"limit": 5}), sold(2, {"limit": 5, "offset": 5})], [WHOLE, WHOLE]),
        ([sold(5, {"limit": 5}), sold(5, {"limit": 5, "offset": 5})], [CUT, CUT]),
        ([sold(1000, {"limit": 5000})], [CUT]),
        ([sold(3500)], [CUT]),
        ([sold(3499)], [WHOLE]),
    ],
)
def test_a_listing_of_trades_that_ends_where_more_must_be_is_cut(answers, expected):
    assert ledger(*answers) == expected


def test_a_sweep_that_adds_up_to_a_known_cap_is_cut_as_a_whole():
    half = [
        sold(1750) | {"sweep_id": "s", "page_no": n, "cursor_out": "c" if n == 0 else None} for n in (0, 1)
    ]
    assert ledger(*half) == [CUT, CUT]


def test_a_sweep_goes_on_by_number_where_no_cursor_says_how():
    many = [MARKET | {"conditionId": f"0x{n:064x}", "id": str(n + 1)} for n in range(100)]
    assert ledger(page(0, *many, back="c1"), page(1, MARKET)) == [WHOLE, WHOLE]


def test_an_event_has_any_number_of_markets_and_its_page_is_not_full():
    many = [MARKET | {"conditionId": f"0x{n:064x}", "id": str(n + 1)} for n in range(120)]
    body = {"events": [{"id": "1", "ticker": "t", "markets": many}]}
    assert ledger(page(0) | {"endpoint": "gamma/events", "payload": body}) == [WHOLE]


def test_trades_of_a_cut_answer_do_not_say_that_all_were_told():
    found = parsed(fetched(sold(3, **more(None))))
    assert found["trades"].height == 3
    assert asked_for_trades(found["fetch_ledger"]).is_empty()
    assert asked_for_trades(parsed(fetched(sold(3)))["fetch_ledger"])["condition_id"].to_list() == [C]
