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


@pytest.mark.parametrize(
    ("field", "column"),
    [("outcomes", "outcomes"), ("clobTokenIds", "token_ids"), ("outcomePrices", "prices")],
)
@pytest.mark.parametrize("text", ["Yes, No", "11,22", "[0.5", "['Yes']"])
def test_text_that_is_no_json_is_null_named_and_refused_by_itself(text, field, column):
    found = listed(**{field: text})
    assert found["sightings"].select(column, "not_understood").rows() == [(None, [f"{field}:BAD_ARRAY"])]
    assert found["quarantine"].select("reason", "detail").rows() == [("BAD_ARRAY", f"{field} {text}")]


@pytest.mark.parametrize("written", ["[%s, %s]", ["%s", "%s"]], ids=["text", "array"])
def test_tokens_written_as_numbers_keep_all_their_digits(written):
    tokens = ["7" * 78, "3" * 77]
    numbers = written % tuple(tokens) if isinstance(written, str) else [int(each) for each in tokens]
    found = listed(clobTokenIds=numbers)
    assert found["quarantine"].is_empty()
    assert found["sightings"].select("token_ids", "not_understood").rows() == [(tokens, ["clobTokenIds:int"])]


def test_a_price_that_is_no_number_leaves_the_market_without_prices():
    found = listed(outcomePrices='["0.4", "N/A"]')
    assert found["sightings"].select("prices", "not_understood").rows() == [
        (None, ["outcomePrices:BAD_AMOUNT"])
    ]
    assert found["quarantine"].select("reason", "meant_for").rows() == [("BAD_AMOUNT", "sightings")]


def test_edge_2_arrays_of_different_lengths_are_not_taken_for_odd_shapes():
    assert listed(outcomePrices='["0.4"]')["quarantine"]["reason"].to_list() == ["LEN_MISMATCH"]
