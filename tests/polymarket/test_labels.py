"""How markets ended, by the sources: precedence, conflicts, disputes, and what is no label."""

import polars as pl
import pytest

from lakeflow.forecast.tables.evidence import evidence
from lakeflow.forecast.tables.labels import labels
from lakeflow.forecast.tables.versions import tokens, versions
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.items import chain_resolution, clob_resolution
from tests.polymarket.ended_markets import MARKET, OVER, TODAY, C, data, label, rows


@pytest.mark.parametrize(
    ("listed", "status", "y"),
    [
        (OVER | {"outcomePrices": '["1", "0"]'}, "RESOLVED_TRUE", 1),
        (OVER | {"outcomePrices": '["0", "1"]'}, "RESOLVED_FALSE", 0),
        ({"closed": True, "resolutionStatus": "resolved", "outcomePrices": '["1", "0"]'}, "RESOLVED_TRUE", 1),
        ({"closed": True, "resolutionStatus": "active", "outcomePrices": '["1", "0"]'}, "UNRESOLVED", None),
        (OVER | {"outcomePrices": '["0.5", "0.5"]'}, "SPLIT_5050", None),
        (OVER | {"outcomePrices": '["0", "0"]'}, "UNRESOLVED", None),
        (OVER | {"outcomePrices": '["0.58", "0.42"]'}, "UNRESOLVED", None),
        ({"outcomePrices": '["1", "0"]'}, "UNRESOLVED", None),
        (OVER | {"umaResolutionStatus": "disputed", "outcomePrices": '["1", "0"]'}, "DISPUTED", None),
        ({"umaResolutionStatus": "proposed"}, "PENDING_PROPOSED", None),
        ({"active": False, "volumeNum": 0}, "PLACEHOLDER", None),
        ({"closed": True, "outcomePrices": '["0", "0"]'}, "UNRESOLVED", None),
        (
            {"outcomes": '["a", "b", "c"]', "clobTokenIds": None, "outcomePrices": None},
            "UNSUPPORTED_OUTCOMES",
            None,
        ),
    ],
)
def test_what_the_lister_shows_is(listed, status, y):
    found = label(listed)
    assert (found["label_status"], found["y"]) == (status, y)


def test_a_price_of_the_days_before_resolutions_is_a_label_of_low_confidence():
    found = label({"closed": True, "outcomePrices": '["0.0000000206", "0.9999999794"]'})
    assert (found["y"], found["confidence"]) == (0, "LOW")


@pytest.mark.parametrize(("place", "y"), [(0, 1), (1, 0)])
def test_the_winner_is_told_by_its_place_and_never_by_its_name(place, y):
    prices = '["1", "0"]' if place == 0 else '["0", "1"]'
    assert label(OVER | {"outcomes": '["Nottingham Forest", "Norway"]', "outcomePrices": prices})["y"] == y


def test_the_feed_names_the_winner_by_its_token():
    assert label({}, won="22")["y"] == 0


def test_sources_that_agree_make_a_sure_label():
    found = label(OVER | {"outcomePrices": '["1", "0"]'}, events=[data()])
    assert (found["y"], found["confidence"], found["agree_count"], found["sources"]) == (
        1,
        "HIGH",
        2,
        ["DATA_API", "GAMMA"],
    )


def test_sources_that_disagree_make_no_label():
    found = label(OVER | {"outcomePrices": '["0", "1"]'}, events=[data()])
    assert (found["y"], found["conflict"], found["confidence"]) == (None, True, "LOW")


@pytest.mark.parametrize(
    ("said", "status", "confidence"),
    [
        ({"resolutionStatus": "resolved"}, "RESOLVED_TRUE", "MEDIUM"),
        ({"resolutionStatus": "active"}, "UNRESOLVED", None),
        ({"resolutionStatus": "frozen"}, "UNRESOLVED", None),
        ({}, "RESOLVED_TRUE", "LOW"),
    ],
)
def test_a_market_of_the_second_protocol_ends_by_its_own_status(said, status, confidence):
    found = label({"closed": True, "outcomePrices": '["1", "0"]', "version": "v2"} | said)
    assert (found["label_status"], found["confidence"]) == (status, confidence)


KALSHI = data(payouts=[0, 1_000_000])._replace(source="KALSHI")


@pytest.mark.parametrize(("order", "status"), [("CK", "RESOLVED_TRUE"), ("KC", "RESOLVED_FALSE")])
def test_another_venue_names_its_sources_in_the_order_in_which_they_count(order, status):
    names = {"C": "DATA_API", "K": "KALSHI"}
    found = label({}, events=[data(), KALSHI], sources=["GAMMA", *(names[each] for each in order)])
    assert (found["label_status"], found["conflict"]) == (status, True)


def test_a_source_that_nobody_named_is_refused_with_those_that_are():
    with pytest.raises(ValueError, match=r"expected one of \['CHAIN', .*'GAMMA'\], found \['KALSHI'\]"):
        label({}, events=[KALSHI])


def test_the_chain_counts_before_all_others():
    chain = chain_resolution({"id": C, "payoutNumerators": ["0", "1"], "payoutDenominator": "1"}, {})
    found = label({}, events=[chain, data(payouts=None, status="disputed")])
    assert (found["label_status"], found["y"], found["was_disputed"]) == ("RESOLVED_FALSE", 0, True)


def test_both_winner_flags_false_are_no_payout():
    split = clob_resolution(
        {"condition_id": C, "closed": True, "tokens": [{"winner": False}, {"winner": False}]}, {}
    )
    assert (split.payouts, split.status) == (None, "closed")


def test_a_payout_that_changes_after_it_was_final_is_a_conflict():
    assert label({}, events=[data(), data(payouts=[0, 1_000_000])])["conflict"]


def test_the_sentinel_is_no_price():
    assert data(proposed_price="69", reproposed_price="69").proposed is None


def test_when_a_label_was_known_is_when_the_first_source_told_it():
    found = label(
        {}, OVER | {"outcomePrices": '["1", "0"]'}, OVER | {"outcomePrices": '["1", "0"]', "slug": "again"}
    )
    assert found["ts_known"].microsecond == 0
    assert found["ts_resolved"] is not None


def test_a_market_that_the_lister_shows_no_more_keeps_its_label():
    sightings = rows("sightings", [sighting(MARKET | OVER | {"outcomePrices": '["1", "0"]'})])
    markets = versions(sightings, None)
    none = rows("resolution_events", [])
    said = evidence(sightings, none, nobody(), tokens(markets), None)
    later = versions(sightings.clear(), markets)
    again = evidence(sightings.clear(), none, nobody(), tokens(later), said)
    assert labels(again, later, sightings.clear(), None, TODAY)["y"].to_list() == [1]


def nobody():
    time = pl.Datetime("ns", "UTC")
    return pl.DataFrame(
        schema={"condition_id": pl.String, "winning_token_id": pl.String, "ts_recv": time, "ts_event": time}
    )


def test_two_winners_of_a_group_of_which_one_wins_are_a_conflict_and_the_losers_keep_theirs():
    of = {"negRisk": True, "negRiskMarketID": "0xg"} | OVER
    prices = ['["1", "0"]', '["1", "0"]', '["0", "1"]']
    group = [
        MARKET | of | {"id": str(n), "conditionId": f"0x{n:064x}", "clobTokenIds": f'["{n}1", "{n}2"]', "outcomePrices": p}
        for n, p in enumerate(prices, 1)
    ]  # fmt: skip
    sightings = rows("sightings", [sighting(each) for each in group])
    markets = versions(sightings, None)
    said = evidence(sightings, rows("resolution_events", []), nobody(), tokens(markets), None)
    found = labels(said, markets, sightings, None, TODAY)
    assert found.select("y", "conflict", "confidence").rows() == [
        (None, True, "LOW"), (None, True, "LOW"), (0, False, "MEDIUM"),
    ]  # fmt: skip


def test_an_id_of_the_second_protocol_is_one_market_with_and_without_its_zeros():
    short = "0x" + "cd" * 31
    sightings = rows("sightings", [sighting(MARKET | {"conditionId": short})])
    markets = versions(sightings, None)
    events = rows("resolution_events", [data(condition_id=short + "00")])
    said = evidence(sightings, events, nobody(), tokens(markets), None)
    found = labels(said, markets, sightings, None, TODAY)
    assert found.select("condition_id", "y").rows() == [(short + "00", 1)]
