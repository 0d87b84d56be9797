"""What the outcome of a market is not independent of."""

import json

import polars as pl
import pytest

from lakeflow.forecast.tables.clusters import of_all_events
from lakeflow.forecast.tables.versions import versions
from lakeflow.vendors.polymarket.answers import Fetch, answer
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.otherwise import Asked
from tests.polymarket.answers import frame

A, B = "0x" + "a" * 64, "0x" + "b" * 64
GROUP = {"negRisk": True, "negRiskMarketID": "0xng"}


def listed(hour=0, **said):
    return Asked(hour * 3600 * 10**9, ""), tuple(sighting({"id": "1", "conditionId": A} | said))


def clusters(*rows):
    return versions(frame("sightings", rows), None)["cluster_id"].to_list()


@pytest.mark.parametrize(
    ("said", "cluster"),
    [
        ({"gameId": "77", "events": [{"id": "100"}]}, "game 77"),
        ({"gameId": "77", "events": [{"id": "101", "parentEventId": "100"}]}, "game 77"),
        ({"gameId": "77", "events": [{"id": "100"}]} | GROUP, "game 77"),
        ({"events": [{"id": "20"}, {"id": "3"}]} | GROUP, "0xng"),
        ({"events": [{"id": "101", "parentEventId": "100"}]}, "event 100"),
        ({"events": [{"id": "100"}]}, "event 100"),
        ({"events": [{"id": "20"}, {"id": "3"}]}, "event 3"),
        ({"events": [{"id": "KXHIGHNY-26FEB01"}]}, "event KXHIGHNY-26FEB01"),
        ({"events": [{"id": "B"}, {"id": "A"}]}, "event A"),
        ({}, A),
    ],
)
def test_a_cluster_is_the_game_the_group_the_parent_event_the_lowest_event_or_the_market(said, cluster):
    assert clusters(listed(**said)) == [cluster]


def test_a_parent_that_was_said_once_stays_the_parent():
    told = listed(events=[{"id": "101", "parentEventId": "100"}], slug="a")
    assert clusters(told, listed(1, events=[{"id": "101"}], slug="b")) == ["event 100"] * 2


def test_nothing_is_known_of_a_parent_before_it_is_said():
    told = listed(1, events=[{"id": "101", "parentEventId": "100"}])
    assert clusters(listed(events=[{"id": "101"}]), told) == ["event 101", "event 100"]


def test_markets_inside_an_event_have_its_game_and_its_parent():
    event = {"id": "101", "parentEventId": "100", "gameId": 77, "markets": [{"id": "1", "conditionId": A}]}
    (found,) = answer(Fetch(0, "a", "gamma/events", "{}", 200, json.dumps([event]))).items
    assert (found.event_ids, found.parent_event_ids, found.game_id) == (["101"], ["100"], "77")


def test_the_events_of_one_market_are_not_those_of_another():
    shape = {"condition_id": pl.String, "ts_valid_from": pl.Int64, "event_ids": pl.List(pl.String)}
    rows = pl.DataFrame([(A, 1, ["5"]), (B, 1, ["3"])], schema=shape, orient="row").with_columns(
        parent_event_ids=pl.lit([], dtype=pl.List(pl.String)), game_id=pl.lit(None, pl.String), group_id=pl.lit(None, pl.String)
    )  # fmt: skip
    assert of_all_events(rows)["cluster_id"].to_list() == ["event 5", "event 3"]
