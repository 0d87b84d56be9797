"""Ladders of thresholds as one question: which markets are rungs of one, and what its prices cost."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from lakeflow.forecast.tables.scored import SHAPE
from lakeflow.forecast.tables.thresholds import ladder_scores, on_ladders, standing
from lakeflow.forecast.tables.versions import versions
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.otherwise import Asked
from tests.polymarket.answers import frame

TIME = pl.Datetime("ns", "UTC")
CUT = datetime(2026, 4, 24, 12, tzinfo=UTC)
KNOWN = CUT + timedelta(hours=5)
TIMES = ("ts_proposed", "ts_resolved", "ts_closed", "ts_told", "ts_known")
LABELS = {"condition_id": pl.String, "label_status": pl.String, "conflict": pl.Boolean, "was_sure": pl.Boolean} | dict.fromkeys(TIMES, TIME)  # fmt: skip


def name(place):
    return f"0x{place:064x}"


def rung(place, item, question="Will Bitcoin be above ___ on April 24?", **said):
    market = {
        "id": str(place), "conditionId": name(place), "clobTokenIds": f'["{place}1", "{place}2"]', "outcomes": '["Yes", "No"]', "active": True,
        "negRisk": False, "groupItemTitle": item, "question": question, "events": [{"id": "9"}], "endDate": "2026-04-24T16:00:00Z",
    }  # fmt: skip
    return Asked(int((CUT - timedelta(hours=9)).timestamp()) * 10**9, ""), tuple(sighting(market | said))


def known(*items):
    return versions(frame("sightings", list(items)), None)


def scored(place, price, y):
    about = (
        "SCHED_END",
        3600,
        CUT,
        "MARKET",
        price,
        y,
        0.1,
        0.1,
        "event 9",
        None,
        "crypto",
        "LOW",
        "MID",
        KNOWN,
        1.0,
        1.0,
        3600,
        "1h-6h",
        None,
    )
    return name(place), *about


def ladders(items, prices, outcomes):
    """The rows of a ladder by the price and the outcome of each of its rungs; None has no score."""
    rows = [
        scored(place, *each)
        for place, each in enumerate(zip(prices, outcomes, strict=True))
        if None not in each
    ]
    labels = [
        {"condition_id": name(place), "label_status": f"RESOLVED_{'TRUE' if y else 'FALSE'}", "conflict": False, "was_sure": True, "ts_known": KNOWN}
        for place, y in enumerate(outcomes)
    ]  # fmt: skip
    table = pl.DataFrame(rows, schema=SHAPE, orient="row")
    markets = known(*(rung(place, *each) for place, each in enumerate(items)))
    told = pl.DataFrame(labels, schema=LABELS)
    return ladder_scores(on_ladders(table, markets), told, markets, KNOWN.date(), 1, 3600).to_dicts()


THREE = [("100,000",), ("$110k",), ("↑ 120,000",)]


def test_a_ladder_is_scored_as_the_distribution_that_its_prices_imply():
    (found,) = ladders(THREE, (900_000, 500_000, 200_000), (1, 0, 0))
    assert (found["group_id"], found["k"], found["status"], found["ordered"]) == (
        "event 9 above",
        3,
        "OK",
        True,
    )
    chance, came = np.array([0.1, 0.4, 0.3, 0.2]), np.array([0, 1, 0, 0])
    assert found["multi_brier"] == pytest.approx(((chance - came) ** 2).sum())
    assert found["log_score"] == pytest.approx(-np.log(0.4))
    assert found["rps"] == pytest.approx(((chance - came).cumsum() ** 2).sum())
    assert found["rps_norm"] == pytest.approx(found["rps"] / 3)
    assert 0.1 <= found["pit"] <= 0.5


@pytest.mark.parametrize(("outcomes", "won"), [((0, 0, 0), 0.1), ((1, 1, 0), 0.3), ((1, 1, 1), 0.2)])
def test_the_value_ends_after_the_last_rung_below_it(outcomes, won):
    (found,) = ladders(THREE, (900_000, 500_000, 200_000), outcomes)
    assert found["log_score"] == pytest.approx(-np.log(won))


def test_below_is_above_from_the_other_side():
    items = [(each, "Will gold be below ___?") for each in ("100", "110", "120")]
    (found,) = ladders(items, (100_000, 500_000, 800_000), (0, 1, 1))
    (other,) = ladders(THREE, (900_000, 500_000, 200_000), (1, 0, 0))
    assert found["group_id"] == "event 9 below"
    assert {each: found[each] for each in ("rps", "log_score", "multi_brier")} == {
        each: pytest.approx(other[each]) for each in ("rps", "log_score", "multi_brier")
    }


def test_prices_and_answers_that_contradict_each_other():
    (found,) = ladders(THREE, (400_000, 500_000, 200_000), (1, 1, 0))
    assert found["status"] == "OK"  # no chance is below 0: neighbours share what they claim
    (found,) = ladders(THREE, (900_000, 500_000, 200_000), (0, 1, 0))
    assert (found["status"], found["rps"]) == ("CONTRADICTED", None)


def test_a_rung_without_a_score_leaves_the_ladder_incomplete():
    (found,) = ladders(THREE, (900_000, None, 200_000), (1, 0, 0))
    assert (found["status"], found["k"], found["rps"]) == ("INCOMPLETE", 2, None)


@pytest.mark.parametrize(
    "others",
    [
        [("March 31",), ("June 30",)],  # when, not how much
        [("100-110",), ("110-120",)],  # ranges exclude each other: they are no thresholds
        [("5 pm",), ("6 pm",)],
        [("2026", "Will it be above 100k in 2026?"), ("2027", "Will it be above 100k in 2027?")],
        [("100 or below",), ("100-110",), ("110-120",), ("120 or above",)],
    ],
)
def test_what_is_no_ladder_of_thresholds_is_left_alone(others):
    assert standing(known(*(rung(place, *each) for place, each in enumerate(others)))).is_empty()


@pytest.mark.parametrize(
    "said",
    [
        {"outcomes": json.dumps(["Up", "Down"])},
        {"negRisk": True, "negRiskMarketID": "0xg"},
        {"events": [{"id": "8"}]},
    ],
)
def test_a_market_of_another_end_event_or_kind_is_no_rung(said):
    assert standing(known(rung(0, "100"), rung(1, "110", **said))).is_empty()


def test_sizes_are_told_by_their_letters():
    items = ["$900k", "1M", "↑ $1.5m", "2,000,000+", "$3bn", "4 million"]
    found = standing(known(*(rung(place, each) for place, each in enumerate(items))))
    assert sorted(found["threshold"]) == [9e5, 1e6, 1.5e6, 2e6, 4e6, 3e9]


WHO = "Who wins?"


@pytest.mark.parametrize(
    ("items", "group", "why"),
    [
        ([("100", WHO), ("110", WHO), ("120", WHO)], "event 9 at", "NO_SIDE"),
        ([("100",), ("100.0",), ("110",)], "event 9 above", "OVERLAP"),
        ([("100",), ("100%",), ("110 bps",)], "event 9 above", "OTHER_WORDS"),
    ],
)
def test_what_might_be_a_ladder_has_no_score_and_says_why(items, group, why):
    (found,) = ladders(items, (900_000, 500_000, 200_000), (1, 0, 0))
    told = {
        each: found[each] for each in ("group_id", "status", "ordered", "not_ordered", "rps", "log_score")
    }
    assert list(told.values()) == [group, "NOT_ORDERED", False, why, None, None]


def test_rungs_that_end_apart_are_no_ladder_and_say_so():
    found = standing(known(rung(0, "100"), rung(1, "110", endDate="2026-04-25T16:00:00Z")))
    assert found["not_ordered"].to_list() == ["ENDS_DIFFER"] * 2


def test_two_sides_of_an_event_are_two_ladders():
    items = ["↑ 120k", "↓ 80k", "↑ 110k", "↓ 90k"]
    found = standing(known(*(rung(place, each, "What will Bitcoin do?") for place, each in enumerate(items))))
    assert found.select("member_of", "threshold").rows() == [
        ("event 9 above", 110_000.0), ("event 9 above", 120_000.0), ("event 9 below", 80_000.0), ("event 9 below", 90_000.0)
    ]  # fmt: skip
