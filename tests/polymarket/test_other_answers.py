"""Answers that no table has a row of stay in bronze byte for byte and are named; batches of price histories are price points."""

import json

import pytest

from tests.polymarket.answers import C, fetched, parsed

A, B = "1" * 77, "2" * 77


def batch(history, **params):
    return {
        "endpoint": "clob/batch-prices-history",
        "params": json.dumps({"markets": [A, B]} | params),
        "payload": history,
    }


def points(found):
    return (
        found["price_points"].sort("token_id", "ts_event").select("token_id", "price", "resolution_s").rows()
    )


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_batch_of_histories_is_the_points_of_each_token(wrapped):
    history = {
        A: [{"t": 1767600000, "p": 0.5}],
        B: [{"t": 1767600000, "p": 0.25}, {"t": 1767600060, "p": 0.26}],
    }
    found = parsed(fetched(batch({"history": history} if wrapped else history, fidelity=1)))
    assert points(found) == [(A, 500_000, 60), (B, 250_000, 60), (B, 260_000, 60)]
    assert found["fetch_ledger"].select("items", "complete").rows() == [(3, True)]
    assert found["quarantine"].is_empty()


def test_buckets_of_a_batch_without_fidelity_are_as_long_as_the_points_of_each_token_lie_apart():
    history = {
        A: [{"t": 1767600000 + 60 * n, "p": 0.5} for n in range(3)],
        B: [{"t": 1767600000 + 3600 * n, "p": 0.5} for n in range(3)],
    }
    found = parsed(fetched(batch({"history": history}, interval="1d")))
    assert {(token, length) for token, _, length in points(found)} == {(A, 60), (B, 3600)}


def test_a_batch_is_known_by_its_shape():
    found = parsed(
        fetched(batch({"history": {A: [{"t": 1767600000, "p": 0.5}]}}, fidelity=1) | {"endpoint": "saved/x"})
    )
    assert points(found) == [(A, 500_000, 60)]


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ("text", "BAD_JSON"),
        (None, "BAD_JSON"),
        ([{"t": 1, "p": 2}], "PRICE_RANGE"),
        ([{"p": 0.5}], "NO_ID"),
        ([5], "BAD_JSON"),
    ],
)
def test_an_odd_history_costs_its_own_token_and_no_other(odd, reason):
    found = parsed(fetched(batch({"history": {A: odd, B: [{"t": 1767600000, "p": 0.5}]}}, fidelity=1)))
    assert points(found) == [(B, 500_000, 60)]
    assert found["quarantine"]["reason"].to_list() == [reason]


@pytest.mark.parametrize(
    ("endpoint", "body"),
    [
        ("clob/midpoint", {"mid": "0.5"}), ("clob/midpoints", {A: "0.5"}), ("clob/price", {"price": "0.5"}), ("clob/prices", {A: {"BUY": "0.5"}}),
        ("clob/spread", {"spread": "0.02"}), ("clob/last-trade-price", {"price": "0.5", "side": "BUY"}),
        ("clob/last-trades-prices", [{"token_id": A, "price": "0.5", "side": "BUY"}]),
        (f"clob/markets-by-token/{A}", {"condition_id": C, "primary_token_id": A, "secondary_token_id": B}),
        ("data/v2/live-volume", {"data": [{"condition_id": C, "value": 5}]}), ("data/v2/live-volume", [{"total": 5, "markets": [{"market": C, "value": 5}]}]),
        ("data/v2/tokens", {"data": [{"token_id": A, "condition_id": C, "outcome": "Yes", "outcome_index": 0}]}),
        ("data/v2/holders", [{"token": A, "holders": []}]), ("data/v2/positions", {"data": [{"token_id": A, "condition_id": C, "size": 5}]}),
        ("clob/time", 1767600000), ("gamma/series", [{"id": "1", "slug": "x", "title": "y"}]), ("gamma/status", "OK"),
    ],
)  # fmt: skip
def test_what_no_table_has_a_row_of_is_named_with_its_text(endpoint, body):
    text = body if isinstance(body, str) else json.dumps(body)
    found = parsed(fetched({"endpoint": endpoint, "payload": text}))
    assert found["quarantine"].select("reason", "payload").rows() == [("UNKNOWN_EVENT_TYPE", text)]
    assert {name for name, rows in found.items() if rows.height} == {"quarantine", "fetch_ledger"}


@pytest.mark.parametrize(
    "wrap", [lambda point: {"data": point}, lambda point: {"data": [point]}, lambda point: point]
)
def test_a_history_that_was_asked_for_at_one_instant_is_one_point(wrap):
    point = {"timestamp": 1767600000, "price": 0.5, "resolution_seconds": 60}
    asked = {"endpoint": "data/v2/prices-history", "params": json.dumps({"token_id": A, "as_of": 1767600000})}
    assert points(parsed(fetched(asked | {"payload": wrap(point)}))) == [(A, 500_000, 60)]
