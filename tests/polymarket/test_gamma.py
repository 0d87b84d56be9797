"""One market of a listing, in every shape that was seen and some that were not."""

import pytest

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.instants import BadInstant, instant
from lakeflow.vendors.polymarket.needed import Refused

TOKENS = '["' + "7" * 78 + '", "' + "3" * 77 + '"]'
MARKET = {
    "id": "1",
    "conditionId": "0x" + "ab" * 32,
    "outcomes": '["Yes", "No"]',
    "clobTokenIds": TOKENS,
    "outcomePrices": '["0.4", "0.6"]',
}


@pytest.mark.parametrize("empty", [None, ""])
def test_a_market_without_prices_is_kept_without_them(empty):
    assert sighting(MARKET | {"outcomePrices": empty}).prices is None


def test_arrays_may_be_arrays():
    found = sighting(MARKET | {"outcomes": ["Yes", "No"], "outcomePrices": [0.4, "0.6"]})
    assert (found.outcomes, found.prices) == (["Yes", "No"], [400_000, 600_000])


def test_tokens_of_78_digits_stay_as_they_are():
    assert sighting(MARKET).token_ids == ["7" * 78, "3" * 77]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("outcomePrices", '["0.4"]', faults.LEN_MISMATCH),
        ("outcomePrices", '["1.0000001", "0"]', faults.PRICE_RANGE),
        ("outcomePrices", '["-0.1", "1"]', faults.PRICE_RANGE),
        ("clobTokenIds", '["7e77", "3"]', faults.BAD_TOKEN_ID),
        ("clobTokenIds", [7.6e76, 3.1e76], faults.BAD_TOKEN_ID),
        ("conditionId", "", faults.NO_ID),
        ("id", None, faults.NO_ID),
    ],
)
def test_what_cannot_be_a_row_says_why(field, value, reason):
    with pytest.raises(Refused) as refused:
        sighting(MARKET | {field: value})
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "text",
    ["2026-08-01 03:50:41+00", "2026-08-01T03:50:41Z", "2026-08-01T03:50:41+00:00", "2026-08-01T03:50:41.0Z",
     "2026-08-01T03:50:41.000000000Z", "2026-08-01T05:50:41+02", "1785556241", "1785556241000", 1785556241],
)  # fmt: skip
def test_every_way_to_write_an_instant_is_the_same_instant(text):
    assert instant(text) == 1_785_556_241_000_000_000


def test_fractions_of_one_to_nine_digits_are_exact():
    assert instant("2026-08-01T03:50:41.1Z") % 10**9 == 100_000_000
    assert instant("2026-08-01T03:50:41.123456789Z") % 10**9 == 123_456_789


def test_a_time_without_a_zone_is_no_instant():
    with pytest.raises(BadInstant):
        instant("2026-08-01T03:50:41")


def test_words_and_shapes_never_seen_lose_no_row_and_are_named():
    strange = {
        "umaResolutionStatus": "pondered",
        "version": "v9",
        "tags": "politics",
        "active": "yes",
        "outcomes": '["a","b","c"]',
    }
    found = sighting(MARKET | strange | {"clobTokenIds": None, "outcomePrices": None})
    assert found.not_understood == [
        "active:str",
        "outcomes=3",
        "tags:str",
        "umaResolutionStatus=pondered",
        "version=v9",
    ]


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("events", [7, {"id": "5"}], "events:list of int"),
        ("events", [{"slug": "e"}], "events:no id"),
        ("tags", ["politics", "new"], "tags:list of str"),
        ("tags", [{"id": "9", "label": "New"}], "tags:no slug"),
        ("outcomes", [{"name": "Yes"}, {"name": "No"}], "outcomes[]:dict"),
        ("outcomes", ["Yes", 5], "outcomes:int"),
        ("groupItemTitle", {"a": 1}, "groupItemTitle:dict"),
        ("slug", ["a"], "slug:list"),
        ("resolutionStatus", "frozen", "resolutionStatus=frozen"),
    ],
)
def test_a_shape_never_seen_is_named(field, value, named):
    assert sighting(MARKET | {field: value}).not_understood == [named]


def test_what_can_be_read_of_a_shape_never_seen_is_read():
    found = sighting(MARKET | {"events": [7, {"id": "5"}], "tags": ["b", {"slug": "a"}], "slug": {"a": 1}})
    assert (found.event_ids, found.tags, found.slug) == (["5", "7"], ["a", "b"], '{"a": 1}')


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"resolutionStatus": "resolved"}, "resolved"),
        ({"resolutionStatus": "active"}, "active"),
        ({"umaResolutionStatus": "proposed", "resolutionStatus": "active"}, "proposed"),
        ({}, None),
    ],
)
def test_a_market_of_the_second_protocol_has_a_status_of_its_own(said, status):
    found = sighting(MARKET | said)
    assert (found.resolution_status, found.not_understood) == (status, [])


@pytest.mark.parametrize(
    ("said", "game"),
    [
        ({"gameId": 77}, "77"),
        ({"events": [{"id": "1", "gameId": 77}]}, "77"),
        ({"gameId": "5", "events": [{"id": "1", "gameId": 77}]}, "5"),
        ({"events": [{"id": "1", "gameId": 77}, {"id": "2", "gameId": 78}]}, None),
        ({"gameId": 0, "events": [{"id": "1", "gameId": 0}]}, None),
    ],
)
def test_a_market_is_about_the_game_that_it_or_its_only_such_event_names(said, game):
    assert sighting(MARKET | said).game_id == game
