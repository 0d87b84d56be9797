"""Arrays of shapes that nobody has seen: the market is a row, and says what it did not say."""

import json

import pytest

from tests.polymarket.answers import MARKET, fetched, page, parsed


def listed(**said):
    return parsed(fetched(page(0, MARKET | said)))


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("outcomes", {"yes": 1, "no": 2}, "outcomes:dict"),
        ("outcomes", [{"name": "Yes"}, {"name": "No"}], "outcomes[]:dict"),
        ("outcomes", json.dumps(json.dumps(["Yes", "No"])), "outcomes:str"),
        ("outcomes", '[["Yes", "No"]]', "outcomes[]:list"),
        ("outcomePrices", "[]", "outcomePrices=[]"),
        ("outcomePrices", "null", "outcomePrices:NoneType"),
        ("outcomePrices", '{"0": "0.4", "1": "0.6"}', "outcomePrices:dict"),
        ("clobTokenIds", 7, "clobTokenIds:int"),
    ],
)
def test_an_array_of_a_shape_never_seen_is_null_and_named(field, value, named):
    found = listed(**{field: value})
    assert found["quarantine"].is_empty()
    column = {"outcomes": "outcomes", "outcomePrices": "prices", "clobTokenIds": "token_ids"}[field]
    assert found["sightings"].select(column, "not_understood").rows() == [(None, [named])]


@pytest.mark.parametrize("text", ["Yes, No", "[Yes", "['Yes']"])
def test_text_that_is_no_json_is_no_array(text):
    assert listed(outcomes=text)["quarantine"]["reason"].to_list() == ["BAD_ARRAY"]


def test_edge_2_arrays_of_different_lengths_are_not_taken_for_odd_shapes():
    assert listed(outcomePrices='["0.4"]')["quarantine"]["reason"].to_list() == ["LEN_MISMATCH"]
