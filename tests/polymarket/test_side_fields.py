"""A field that a market can do without: where it is odd it is null and named, its reason is in quarantine, and the market stays."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.forecast.tables.versions import versions
from lakeflow.vendors.polymarket.answers import Fetch, answer
from lakeflow.vendors.polymarket.faults import quarantine
from lakeflow.vendors.polymarket.found import told
from lakeflow.vendors.polymarket.gamma import NEEDED, sighting
from lakeflow.vendors.polymarket.otherwise import Asked
from tests.polymarket.answers import MARKET, fetched, frame, page, parsed
from tests.polymarket.ended_markets import OVER, label

FULL = MARKET | {
    "outcomePrices": '["0.4", "0.6"]', "question": "q", "slug": "s", "description": "r", "endDate": "2026-08-01T00:00:00Z", "events": [{"id": "1"}],
    "tags": [{"slug": "a"}], "volumeNum": 5, "volume": "5", "liquidityNum": 5, "bestBid": 0.4, "createdAt": "2026-01-01T00:00:00Z",
    "gameStartTime": "2026-08-01 00:00:00+00", "closedTime": "2026-08-01 00:00:00+00", "umaEndDate": "2026-08-01T00:00:00Z", "active": True,
    "closed": True, "feeSchedule": {"rate": 1}, "umaResolutionStatus": "resolved", "gameId": 5, "negRisk": True, "negRiskMarketID": "0xg",
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "column", "reason"),
    [
        ("createdAt", "0001-01-01T00:00:00Z", "ts_created", "BAD_TS"),
        ("startDate", "9999-12-31T00:00:00Z", "ts_start", "BAD_TS"),
        ("endDate", "2026-02-02", "ts_end", "BAD_TS"),
        ("endDate", "2026-08-01 03:50:41", "ts_end", "BAD_TS"),
        ("gameStartTime", "tbd", "ts_game", "BAD_TS"),
        ("closedTime", "soon", "ts_closed", "BAD_TS"),
        ("closedTime", 10**30, "ts_closed", "BAD_TS"),
        ("volumeNum", "1,234.5", "volume", "BAD_AMOUNT"),
        ("volume", "1e999999", "volume", "BAD_AMOUNT"),
        ("volume24hr", True, "volume_day", "BAD_AMOUNT"),
        ("liquidityNum", 1e15, "liquidity", "BAD_AMOUNT"),
        ("bestBid", -0.01, "best_bid", "PRICE_RANGE"),
        ("lastTradePrice", "1.0000001", "last_price", "PRICE_RANGE"),
        ("orderPriceMinTickSize", 5, "tick", "PRICE_RANGE"),
        ("question", "half \ud83d", "question", "BAD_JSON"),
        ("outcomes", "[" * 100_000, "outcomes", "BAD_ARRAY"),
    ],
)
def test_an_odd_field_is_null_named_and_in_quarantine_by_itself(field, value, column, reason):
    found = parsed(fetched(page(0, MARKET | {field: value}, MARKET | {"conditionId": "0x" + "ef" * 32})))
    assert found["sightings"].select(column, "not_understood").row(0) == (None, [f"{field}:{reason}"])
    refused = found["quarantine"].select("meant_for", "reason", "detail").rows()
    assert [(meant, why, detail.startswith(field)) for meant, why, detail in refused] == [
        ("sightings", reason, True)
    ]
    assert found["sightings"].height == 2


def test_two_odd_fields_are_two_faults_of_one_market():
    found = parsed(fetched(page(0, MARKET | {"endDate": "soon", "bestAsk": 7})))
    assert found["quarantine"]["detail"].to_list() == ["endDate soon", "bestAsk 7"]
    assert found["fetch_ledger"]["items"].to_list() == [1]


def test_rules_with_half_a_character_have_a_digest_of_their_own():
    halves = [
        parsed(fetched(page(0, MARKET | {"description": text}))) for text in ("half \ud83d", "half", "")
    ]
    assert len({each["sightings"]["rules_sha256"][0] for each in halves}) == 3
    assert halves[0]["sightings"]["not_understood"].to_list() == [["description:BAD_JSON"]]


@pytest.mark.parametrize(
    "odd", [{"closedTime": "soon"}, {"createdAt": "0001-01-01T00:00:00Z"}, {"volumeNum": "1,234.5"}], ids=str
)
def test_a_closed_market_with_an_odd_field_has_its_label(odd):
    assert label(OVER | {"outcomePrices": '["1", "0"]'} | odd)["label_status"] == "RESOLVED_TRUE"


@pytest.mark.parametrize("prices", ['["1", "N/A"]', "1,0", "[1"])
def test_prices_that_cannot_be_read_are_no_label(prices):
    assert label(OVER | {"outcomePrices": prices})["label_status"] == "UNRESOLVED"


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=8)
    | st.sampled_from(["\ud83d", "0001-01-01T00:00:00Z", "1e999", "-1", "[1", "2026-01-01", "NaN", "69", 10**30, 1e15]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted({*FULL, "liquidity", "orderMinSize", "new"} - {*NEEDED})), ODD)
def test_an_odd_value_of_any_field_loses_no_market_unless_it_is_an_id_or_an_array_of_the_outcomes(
    field, value
):
    text = json.dumps({"markets": [FULL | {field: value}, FULL]})
    found = answer(Fetch(1, "a", "gamma/markets", "{}", 200, text))
    assert frame("sightings", [(Asked(n, ""), told(each)) for n, each in enumerate(found.items)]).height == 2
    assert quarantine(found.beside).height == len(found.beside)
    assert {each.reason for each in found.beside} <= {"BAD_TS", "BAD_AMOUNT", "PRICE_RANGE", "BAD_JSON"}
    assert len(found.items[0].not_understood) >= len(found.beside)


@pytest.mark.parametrize(
    ("said", "scheduled"),
    [
        ({"endDate": "2026-08-08T01:00:00Z", "gameStartTime": "tbd", "sportsMarketType": "moneyline"}, None),
        ({"endDate": "2026-08-08T01:00:00Z", "gameStartTime": "tbd"}, "END_DATE"),
        ({"endDate": "soon", "gameStartTime": "2026-08-01 01:00:00+00"}, None),
        ({"endDate": "soon", "gameStartTime": "2026-08-01 01:00:00+00", "gameId": 5}, "GAME_START"),
        ({"endDate": "soon"}, None),
    ],
    ids=str,
)
def test_an_end_that_cannot_be_read_is_not_taken_from_another_field_that_means_something_else(
    said, scheduled
):
    listed = frame("sightings", [(Asked(1, ""), tuple(sighting(MARKET | said)))])
    assert versions(listed, None)["scheduled_by"].to_list() == [scheduled]
