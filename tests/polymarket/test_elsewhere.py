"""What another venue's reader says of its answers: each row once and in order, and whatever cannot be read in quarantine."""

from pathlib import Path

import pytest

from lakeflow.contract import read_contract
from lakeflow.vendors.polymarket.elsewhere import MAY_LACK, tables
from lakeflow.vendors.polymarket.once import ONCE
from lakeflow.vendors.polymarket.shapes import SHAPES
from tests.polymarket.answers import fetched

CONTRACTS = Path(__file__).parents[2] / "contracts" / "silver"
NAMED = {"price_points": "told_points", "trades": "told_trades"}
MARKET = {
    "market_id": "m", "rules_sha256": "", "has_source": True, "tags": [], "event_ids": [], "parent_event_ids": [], "neg_risk": False,
    "not_understood": [],
}  # fmt: skip
PAID = {"source": "DATA_API", "status": "resolved", "was_disputed": False, "rules_updated": False, "payouts": [1_000_000, 0]}  # fmt: skip


def told(item, at):
    yield "sightings", MARKET | {"condition_id": item["id"], "volume": item.get("volume"), "ts_end": at}
    if item.get("is_over"):
        yield "resolution_events", PAID | {"condition_id": item["id"]}


def made(*bodies, **about):
    return tables(fetched(*({"endpoint": "x/y", "payload": each} | about for each in bodies)), list, told)


def ids(found):
    return found["sightings"]["condition_id"].to_list()


def test_markets_are_in_order_and_each_once_however_they_are_listed():
    found = made([{"id": "b"}, {"id": "a"}, {"id": "b"}], [{"id": "a"}])
    assert found["sightings"].sort("condition_id", "ts_observed").equals(found["sightings"])
    assert ids(found) == ["a", "a", "b"]
    assert found["quarantine"].is_empty()


def test_what_is_said_otherwise_in_one_answer_is_named():
    found = made([{"id": "a", "volume": 1}, {"id": "a", "volume": 2}])
    assert found["sightings"]["volume"].to_list() == [1]
    assert found["quarantine"]["reason"].to_list() == ["REPEATED"]


def test_an_end_that_every_answer_tells_again_is_one_event():
    over = [{"id": "a", "is_over": True}]
    assert made(over, over, over)["resolution_events"].height == 1


@pytest.mark.parametrize("body", ["<html>busy</html>", "", '{"error": "x"}', "7", "null", '["a"]', "[[]]", "[null]", "[{}]", "[" * 100_000])  # fmt: skip
def test_an_answer_that_is_no_listing_costs_only_itself(body):
    found = made(body, [{"id": "a"}])
    assert ids(found) == ["a"]
    assert found["quarantine"].height == 1


def test_an_error_of_the_service_is_named():
    found = made([{"id": "a"}], http_status=502)
    assert (ids(found), found["quarantine"]["reason"].to_list()) == ([], ["HTTP_ERROR"])


@pytest.mark.parametrize(
    "odd",
    [{"id": None}, {"id": 7}, {"id": "b", "volume": "7"}, {"id": "b", "volume": 2**63}, {"id": "b", "volume": 1.5}, {"id": "\ud800"}],
)  # fmt: skip
def test_a_row_that_its_table_cannot_hold_costs_only_its_item(odd):
    found = made([{"id": "c"}, odd, {"id": "a"}])
    assert ids(found) == ["a", "c"]
    assert found["quarantine"]["reason"].to_list() == ["BAD_JSON"]


@pytest.mark.parametrize("row", [("sightings", {"nmae": 1}), ("fills", {}), ("weather", {})])
def test_a_column_or_table_that_is_not_there_is_named(row):
    found = tables(fetched({"endpoint": "x/y", "payload": [1]}), list, lambda *_: [row])
    assert "has no" in found["quarantine"]["detail"].item()


@pytest.mark.parametrize("name", sorted(ONCE))
def test_what_a_row_may_lack_is_what_its_contract_says(name):
    table = NAMED.get(name, name)
    contract = read_contract((CONTRACTS / f"{table}.avsc").read_text(), f"silver/{table}")
    nullable = {column.name for column in contract.columns if column.nullable}
    assert nullable & SHAPES[name].keys() == MAY_LACK.get(name, frozenset())
