"""The board of markets: skill against what was known then, a rank among enough that were forecast often enough, and where to look."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from lakeflow.forecast.refusals import of_addresses
from lakeflow.forecast.tables.links import links
from lakeflow.forecast.tables.market_board import by_market
from lakeflow.forecast.tables.scored import SHAPE
from lakeflow.forecast.tables.yardsticks import SHAPE as HELD

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
ROW = {"anchor": "SCHED_END", "forecaster": "MARKET", "p": 500_000, "log_loss": 0.69, "category": "politics", "y": 1,
       "ts_label_known": FIRST + timedelta(days=9)}  # fmt: skip
NOWHERE = pl.DataFrame(schema={"condition_id": pl.String, "links": pl.List(pl.String)})


def forecasts(market, *briers, **said):
    """Forecasts of a market, one an hour."""
    named = {"condition_id": market, "cluster_id": f"event {market}"}
    return [
        ROW | named | {"horizon_s": 3600 * n, "ts_cutoff": FIRST + timedelta(hours=n), "brier": brier} | said
        for n, brier in enumerate(briers, 1)
    ]


def board(*rows, rate=0.5, held=None, links=NOWHERE):
    """The board of forecasts that are all held to one rate of their category, or to some."""
    scored = pl.DataFrame([row for some in rows for row in some], schema=SHAPE)
    every = scored.select(pl.format("category={}", "category").alias("segment"), *list(HELD)[1:5], rate=pl.lit(rate))  # fmt: skip
    return by_market(scored, every if held is None else every.head(held), links)


def test_skill_is_what_the_forecasts_cost_less_than_the_yardstick_of_their_category():
    found = board(forecasts("a", 0.01, 0.09), rate=0.75)
    assert found.select("forecasts", "brier", "brier_reference", "brier_skill").row(0) == pytest.approx(
        (2, 0.05, 0.0625, 0.2)
    )


def test_a_market_with_a_forecast_that_has_no_yardstick_has_no_skill():
    assert board(forecasts("a", 0.01, 0.09), held=1).select("brier", "brier_reference", "brier_skill").row(
        0
    ) == (pytest.approx(0.05), None, None)


def test_what_cannot_be_beaten_leaves_no_skill_to_tell():
    assert board(forecasts("a", 0.01), rate=1.0).select("brier_reference", "brier_skill").row(0) == (
        0.0,
        None,
    )


def ranks(markets, *others):
    """Ranks of markets that were forecast three times each, the n-th at a cost of n thousandths."""
    often = [forecasts(f"m{n:03}", *[n / 1000] * 3) for n in range(markets)]
    return dict(board(*often, *others).select("condition_id", "rank").iter_rows())


def test_a_hundred_clusters_are_ranked_by_skill_and_99_are_not():
    hundred = ranks(100)
    assert [hundred[f"m{n:03}"] for n in (0, 1, 99)] == [1, 2, 100]
    assert set(ranks(99).values()) == {None}


def test_a_market_that_was_forecast_twice_has_no_rank_and_takes_none_from_another():
    found = ranks(100, forecasts("lucky", 0.0, 0.0))
    assert (found["lucky"], found["m000"]) == (None, 1)


def test_markets_of_one_event_are_one_witness_and_other_categories_none():
    of_one = [forecasts(f"z{n}", 0.2, 0.2, 0.2, cluster_id="event z") for n in range(5)]
    of_others = [forecasts(f"c{n}", 0.2, 0.2, 0.2, category="crypto") for n in range(5)]
    assert set(ranks(98, *of_one, *of_others).values()) == {None}
    assert ranks(99, *of_one)["z0"] == 100


ADDRESSES = [
    "https://a/{condition_id}/of",
    "https://b/{slug}",
    "https://c/{slug}?id={condition_id}",
    "https://d",
]


def test_a_market_has_its_addresses_by_its_id_and_by_its_last_name():
    times = [FIRST, FIRST + timedelta(hours=1), FIRST]
    named = {"condition_id": ["a", "a", "b"], "ts_valid_from": times, "slug": ["first", "last", None]}
    where = links(pl.DataFrame(named), ADDRESSES)
    found = board(forecasts("a", 0.1), forecasts("b", 0.1), forecasts("c", 0.1), links=where)
    assert found["links"].to_list() == [
        ["https://a/a/of", "https://b/last", "https://c/last?id=a", "https://d"],
        ["https://a/b/of", "https://d"],
        [],
    ]
    assert links(pl.DataFrame(named), [])["links"].to_list() == [[], []]


def test_an_address_of_what_no_market_has_is_refused_before_anything_runs():
    assert of_addresses({"addresses": ADDRESSES}) == []
    assert of_addresses({"addresses": ["https://a/{id}/{}"]}) == [
        "addresses: expected ['condition_id', 'slug'] in braces, found ['', 'id']"
    ]
    assert "found None" in of_addresses({})[0]
