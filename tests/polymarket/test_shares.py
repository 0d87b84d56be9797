"""Events that share out all that a value can be, though nobody lists their markets as a group of which one wins."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from lakeflow.forecast.tables.groups import groups
from lakeflow.forecast.tables.ladders import shares
from lakeflow.forecast.tables.scored import SHAPE
from lakeflow.forecast.tables.versions import versions
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.otherwise import Asked
from stages.gold.polymarket_groups import group
from tests.polymarket.answers import frame

CUT = datetime(2026, 4, 24, 12, tzinfo=UTC)
KNOWN = CUT + timedelta(hours=5)
NOBODY = pl.LazyFrame(
    schema={
        name: SHAPE[name] for name in ("condition_id", "anchor", "horizon_s", "ts_cutoff", "p", "group_id")
    }
)  # waits
HEAT = ["22°F or higher", "20°F", "19°F or below", "21°F"]


def name(place):
    return f"0x{place:064x}"


def listed(place, item, **said):
    market = {
        "id": str(place), "conditionId": name(place), "clobTokenIds": f'["{place}1", "{place}2"]', "outcomes": '["Yes", "No"]', "active": True,
        "groupItemTitle": item, "question": "Q?", "events": [{"id": "9"}], "endDate": "2026-04-24T16:00:00Z",
    }  # fmt: skip
    return Asked(int((CUT - timedelta(hours=9)).timestamp()) * 10**9, ""), tuple(sighting(market | said))


def known(*rows):
    return versions(frame("sightings", list(rows)), None)


def of(items, **last):
    return known(*(listed(n, each, **(last if n == len(items) - 1 else {})) for n, each in enumerate(items)))


def scored(prices, won):
    """Forecasts of an hour ahead, by place, on the day of their labels."""
    about = {"anchor": "SCHED_END", "horizon_s": 3600, "ts_cutoff": CUT, "forecaster": "MARKET"}
    rows = [about | {"condition_id": name(n), "p": p, "y": int(n in won)} for n, p in enumerate(prices)]
    whole = [dict.fromkeys(SHAPE) | row | {"ts_label_known": KNOWN} for row in rows]
    return pl.DataFrame(whole, schema=SHAPE).with_columns(dt=pl.lit(KNOWN.date()))


def labels(count, won):
    """What became of each, all at one instant."""
    times = dict.fromkeys(("ts_proposed", "ts_resolved", "ts_closed", "ts_told", "ts_known"), KNOWN)
    sure = times | {"conflict": False, "was_sure": True, "confidence": "HIGH"}
    said = [
        {"y": int(n in won), "label_status": "RESOLVED_TRUE" if n in won else "RESOLVED_FALSE"}
        for n in range(count)
    ]
    rows = [sure | each | {"condition_id": name(n)} for n, each in enumerate(said)]
    return pl.DataFrame(rows).with_columns(pl.col("^ts_.*$").cast(pl.Datetime("ns", "UTC")), pl.col("y").cast(pl.Int8))  # fmt: skip


def made(items, prices, won):
    """The one row that the stage makes."""
    audits = pl.DataFrame({"day": [KNOWN.date()], "check_id": ["L01"], "passed": [True]})
    told = labels(len(items), won)
    asked = scored(prices, won)
    (found,) = group(
        asked,
        NOBODY,
        *[NOBODY.with_columns(excluded=False)] * 2,
        told,
        of(items),
        audits,
        KNOWN.date(),
        1,
        3600,
    ).to_dicts()
    return found


def test_the_event_is_a_group_of_which_one_wins_in_the_order_of_its_ranges():
    found = made(HEAT, (200_000, 100_000, 400_000, 300_000), {0})
    told = (found["group_id"], found["status"], found["k"], found["ordered"], found["not_ordered"])
    assert told == ("event 9", "OK", 4, True, None)
    forecast, came = np.array([0.4, 0.1, 0.3, 0.2]), np.array([0, 0, 0, 1])
    assert found["rps"] == pytest.approx(((forecast - came).cumsum() ** 2).sum())


def test_thresholds_beside_it_are_a_ladder_of_their_own():
    found = made(["↑ 110k", "↑ 100k"], (200_000, 900_000), {1})
    told = (found["group_id"], found["status"], found["ordered"])
    assert (*told, found["rps"]) == ("event 9 above", "OK", True, pytest.approx(0.1**2 + 0.2**2))


@pytest.mark.parametrize(
    ("items", "last"),
    [
        (HEAT[1:], {}),
        ([*HEAT[:2], HEAT[3]], {}),
        ([*HEAT, "20-21°F"], {}),
        ([*HEAT, "Other"], {}),
        (HEAT, {"endDate": "2026-04-25T16:00:00Z"}),
        (HEAT, {"outcomes": '["No", "Yes"]'}),
        (["110 or above", "100 or above"], {}),
        (["↑ 110k", "↓ 80k"], {}),
        (["↑ 110k", "95-100k", "↓ 80k"], {}),
        (["19 or below", "20", "22", "23 or higher"], {}),
    ],
    ids=[
        "open above",
        "open below",
        "twice",
        "no number",
        "later",
        "turned",
        "thresholds",
        "a gap",
        "gaps",
        "a number left out",
    ],
)
def test_what_may_have_no_winner_or_two_shares_out_nothing(items, last):
    assert shares(of(items, **last)).is_empty()


@pytest.mark.parametrize(
    "items",
    [
        ["Over 2.5", "Under 2.5"],
        ["<5", "5-9", "10-14", "15+"],
        ["<$80k", "$80-90k", "$90k+"],
        ["1.9% or below", "2.0%", "2.1%", "2.2% or above"],
        ["50+ bps decrease", "25 bps decrease", "No change", "25 bps increase", "50+ bps increase"],
    ],
)
def test_ranges_that_leave_nothing_out_are_shares(items):
    assert shares(of(items))["share"].to_list() == ["event 9"] * len(items)


def ordered(found):
    return found.select("group_id", "group_kind", pl.col("members").list.eval(pl.element().str.slice(-1)), "ordered", "thresholds", "not_ordered").rows()  # fmt: skip


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (HEAT, ("event 9", ["2", "1", "3", "0"], True, [19.0, 20.0, 21.0, 22.0], None)),
        (["$1m", "$950k", "$900k"], ("event 9 at", ["2", "1", "0"], False, None, "NO_SIDE")),
        (["↑ $1m", "↑ $950k", "↑ $900k"], ("event 9 above", ["2", "1", "0"], True, [9e5, 9.5e5, 1e6], None)),
        (["Ann", "Bob"], ("event 9", ["0", "1"], False, None, "NO_NUMBER")),
    ],
)
def test_silver_has_the_members_of_an_event_in_their_order_or_says_why_not(items, expected):
    group, members, is_ordered, numbers, why = expected
    assert ordered(groups(of(items))) == [(group, "LADDER", members, is_ordered, numbers, why)]


def test_silver_orders_what_one_wins_of_and_a_game_is_a_group():
    one = {"negRisk": True, "negRiskMarketID": "0xg"}
    rows = [listed(n, each, **one) for n, each in enumerate(["$1m", "$900k", "$950k"])]
    game = [listed(n, None, gameId="7") for n in (5, 4)]
    assert ordered(groups(known(*rows, *game))) == [
        ("0xg", "NEG_RISK", ["1", "2", "0"], True, [9e5, 9.5e5, 1e6], None),
        ("game 7", "GAME", ["4", "5"], False, None, "NO_NUMBER"),
    ]


def test_a_market_that_is_alone_is_a_group_of_one_and_the_only_one_of_a_group_so_far_is_too():
    pair = [listed(n, None, gameId="7") for n in (5, 4)]
    alone, first = listed(1, None), listed(2, "Ann", negRisk=True, negRiskMarketID="0xg")
    assert ordered(groups(known(*pair, alone, first))) == [
        (name(1), "SINGLE", ["1"], False, None, "ALONE"),
        (name(2), "SINGLE", ["2"], False, None, "ALONE"),
        ("game 7", "GAME", ["4", "5"], False, None, "NO_NUMBER"),
    ]
