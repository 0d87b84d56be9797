"""The recount of attrition against attrition, over histories of markets with everything in them that may keep a market from being asked."""

from datetime import date
from itertools import chain

import numpy as np
import polars as pl
import pytest

from lakeflow.forecast.tables.evidence import SHAPE
from lakeflow.forecast.tables.lost_again import miscounted
from lakeflow.forecast.tables.versions import versions
from tests.polymarket.test_edges_markets import OVER, asked_on, on, rows

NO_EVIDENCE = pl.DataFrame(schema=SHAPE)
FIRST, DAYS, MARKETS = 18, 6, 6
ENDS = [None, *(f"2026-04-{day}T{hour:02}:30:00Z" for day in (17, 19, 20, 21, 22, 24, 26) for hour in (3, 12, 17)), "2026-05-18T04:00:00Z"]  # fmt: skip
SAID = [
    *[{}] * 8, {"active": False}, {"clobTokenIds": None, "outcomes": None}, {"umaResolutionStatus": "proposed"}, OVER,
    OVER | {"closedTime": "2026-04-20 10:05:00+00"}, {"clobTokenIds": '["1", "2", "3"]', "outcomes": '["A", "B", "C"]'},
    {"sportsMarketType": "moneyline", "gameStartTime": "2026-04-20 01:00:00+00"},
    {"tags": [{"id": "1", "slug": "politics", "label": "p"}]}, {"createdAt": "2026-04-18T05:00:00Z"},
]  # fmt: skip


def history(seed):
    """What was listed on each day, at any hour, of markets two of which are in a group."""
    raw = iter(np.random.Philox(seed).random_raw(4_000))
    pick = lambda values: values[int(next(raw)) % len(values)]  # noqa: E731  short
    listed = []
    for market in range(MARKETS):
        of = {
            "id": str(market),
            "conditionId": f"0x{market:064x}",
            "clobTokenIds": f'["{market}1", "{market}2"]',
        }
        group = {"negRisk": True, "negRiskMarketID": "0xg"} if market < 3 else {}
        for _ in range(1 + int(next(raw)) % 4):
            at = on(4, FIRST + int(next(raw)) % DAYS, int(next(raw)) % 24)
            listed.append((at, of | group | {"endDate": pick(ENDS)} | pick(SAID)))
    return sorted(listed, key=lambda each: each[0])


def days(listed):
    """The markets of each day with what was made of them."""
    markets, taken = None, None
    for day in range(FIRST, FIRST + DAYS):
        markets = versions(rows(*(each for each in listed if each[0].day == day)), markets)
        made = asked_on(markets, date(2026, 4, day), taken)
        taken = made["taken"]
        yield date(2026, 4, day), markets, made


def wrong(dt, markets, made, attrition=None, as_of=""):
    """What the recount finds wrong with a day's attrition."""
    told = made["attrition"] if attrition is None else attrition
    return miscounted(told, markets, NO_EVIDENCE, made["snapshots"], made["taken"], dt, as_of)


@pytest.fixture(scope="module")
def histories():
    return [list(days(history(seed))) for seed in range(8)]


def test_what_is_lost_of_any_history_is_counted_alike_by_both(histories):
    for dt, markets, made in chain(*histories):
        assert wrong(dt, markets, made).rows() == []


def test_these_histories_have_every_reason(histories):
    found = {each for *_, made in chain(*histories) for each in made["attrition"]["reason"]}
    assert found >= {"OPENED_AFTER", "RESCHEDULED", "RESOLVED_BEFORE", "NO_TOKENS", "NOT_BINARY", "INACTIVE", "IN_PLAY", "NO_END"}  # fmt: skip


@pytest.mark.parametrize("change", [-1, 1])
def test_any_count_that_is_one_off_is_caught(histories, change):
    for dt, markets, made in histories[3]:
        lost = made["attrition"].with_row_index("n")
        for place in lost.filter(~pl.col("reason").is_in(["TAKEN", "NO_QUOTE", "ONE_SIDED"]))["n"]:
            off = lost.with_columns(pl.col("markets") + (pl.col("n") == place).cast(pl.Int64) * change)
            told = off.filter(pl.col("markets") > 0).drop("n")
            assert len(wrong(dt, markets, made, told)) == 1


def test_a_lake_as_of_the_morning_has_asked_nothing_of_noon(histories):
    (dt, markets, _), *_ = histories[5]
    morning = f"{dt}T09:00:00+00:00"
    then = asked_on(markets.filter(pl.col("ts_valid_from") <= on(4, FIRST, 9)), dt, as_of=morning)
    assert wrong(
        dt, markets.filter(pl.col("ts_valid_from") <= on(4, FIRST, 9)), then, as_of=morning
    ).is_empty()
    assert "CALENDAR" not in set(then["attrition"]["anchor"])
