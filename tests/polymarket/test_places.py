"""Which outcome is at place 0, where a source lists the two of a market now one way round and now the other."""

from datetime import date

import polars as pl
import pytest

from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.items import clob_resolution
from lakeflow.vendors.polymarket.otherwise import Asked
from stages.silver.polymarket_history import history
from tests.polymarket.answers import frame

C, NOW, DAY = "0x" + "ab" * 32, 1_767_600_000_000_000_000, 86_400_000_000_000
FIRST = {"clobTokenIds": '["11", "22"]', "outcomes": '["Yes", "No"]', "outcomePrices": '["0.9", "0.1"]'}
TURNED = {"clobTokenIds": '["22", "11"]', "outcomes": '["No", "Yes"]', "outcomePrices": '["0.1", "0.9"]'}
CROSSED = [FIRST | {"clobTokenIds": '["22", "11"]'}, FIRST | {"outcomes": '["No", "Yes"]'}]
OVER = {"closed": True, "umaResolutionStatus": "resolved"}


def rows(name, found):
    asked = [(Asked(NOW + place, ""), tuple(each)) for place, each in enumerate(found)]
    return frame(name, asked)


def day(*listed, clob=(), before=None, dt=date(2026, 1, 5)):
    said = [
        sighting({"id": "1", "conditionId": C, "active": True, "closed": False} | each) for each in listed
    ]
    won = [clob_resolution({"condition_id": C, "closed": True, "tokens": tokens}, {}) for tokens in clob]
    ended = pl.DataFrame(schema={"condition_id": pl.String, "winning_token_id": pl.String} | dict.fromkeys(("ts_recv", "ts_event"), pl.Datetime("ns", "UTC")))  # fmt: skip
    known = before or {"markets": None, "evidence": None, "labels": None}
    told = (known["markets"], known["evidence"], known["labels"])
    return history(rows("sightings", said).lazy(), rows("resolution_events", won), ended, *told, dt)


def test_a_market_that_is_listed_the_other_way_round_keeps_its_places_and_says_so():
    found = day(FIRST, TURNED)
    assert found["markets"].select("token_ids", "outcomes").unique().rows() == [(["11", "22"], ["Yes", "No"])]
    assert found["markets"]["not_understood"].to_list() == [[], ["clobTokenIds=turned"]]
    assert found["tokens"].select("token_id", "outcome_index", "label").rows() == [
        ("11", 0, "Yes"),
        ("22", 1, "No"),
    ]


@pytest.mark.parametrize("order", [FIRST, TURNED])
def test_a_payout_is_of_the_token_whichever_way_round_it_is_listed(order):
    paid = {"outcomePrices": '["1", "0"]' if order is FIRST else '["0", "1"]'}
    assert day(FIRST, order | OVER | paid)["labels"].select("y", "conflict").rows() == [(1, False)]


def test_the_places_are_those_of_the_days_before():
    yesterday = day(FIRST)
    paid = OVER | {"outcomePrices": '["0", "1"]'}
    found = day(TURNED | paid, before=yesterday, dt=date(2026, 1, 6))
    assert found["tokens"].select("token_id", "outcome_index").rows() == [("11", 0), ("22", 1)]
    assert found["labels"]["y"].to_list() == [1]


@pytest.mark.parametrize("other", CROSSED)
def test_a_token_that_gets_the_outcome_of_the_other_is_a_conflict_and_no_label(other):
    found = day(FIRST, other, FIRST | OVER | {"outcomePrices": '["1", "0"]'})
    assert "outcomes=crossed" in found["markets"]["not_understood"].to_list()[1]
    assert found["labels"].select("y", "conflict").rows() == [(None, True)]
    assert found["markets"]["token_ids"].to_list() == [["11", "22"]] * 3


@pytest.mark.parametrize("first", ["11", "22"])
def test_the_winner_of_the_book_service_is_told_by_its_token(first):
    other = "22" if first == "11" else "11"
    tokens = [{"token_id": each, "winner": each == "22"} for each in (first, other)]
    assert day(FIRST, clob=[tokens])["labels"]["y"].to_list() == [0]


def test_an_outcome_that_is_renamed_is_no_conflict():
    found = day(FIRST, FIRST | {"outcomes": '["Yes, she does", "No"]'})
    assert found["markets"]["not_understood"].to_list() == [[], []]
