"""What is known of a market's volume, liquidity and fees: as listed when each of its versions was first seen."""

import json
from pathlib import Path

import pytest

from lakeflow.contract import load_contract
from lakeflow.forecast.tables.versions import versions
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.otherwise import Asked
from tests.polymarket.answers import frame

ROOT = Path(__file__).resolve().parents[2]
HOUR = 3_600_000_000_000
MARKET = {"id": "1", "conditionId": "0x" + "ab" * 32, "clobTokenIds": '["11", "22"]', "outcomes": '["Y", "N"]', "active": True}  # fmt: skip
SCHEDULE = {"exponent": 1, "rate": 0.05, "takerOnly": True, "rebateRate": 0.25}
FEES = {"feesEnabled": True, "feeType": "sports_fees_v2", "feeSchedule": SCHEDULE}
FEES_TOLD = ("fees_enabled", "fee_type", "fee_exponent", "fee_rate", "fee_taker_only", "fee_rebate_rate")


def seen(*listed, before=None, hour=0):
    rows = [(Asked((hour + n) * HOUR, ""), tuple(sighting(MARKET | said))) for n, said in enumerate(listed)]
    return versions(frame("sightings", rows), before)


@pytest.mark.parametrize("schedule", [SCHEDULE, json.dumps(SCHEDULE)])
def test_fees_are_read_from_an_object_and_from_the_text_of_one(schedule):
    found = sighting(MARKET | FEES | {"feeSchedule": schedule})
    assert [getattr(found, name) for name in FEES_TOLD] == [
        True, "sports_fees_v2", 1_000_000, 50_000, True, 250_000,
    ]  # fmt: skip
    assert found.not_understood == []


def test_a_schedule_never_seen_loses_no_market_and_is_named():
    found = sighting(MARKET | FEES | {"feeSchedule": SCHEDULE | {"rate": "much", "cap": 3, "takerOnly": 1}})
    assert (found.fee_exponent, found.fee_rate, found.fee_taker_only) == (1_000_000, None, None)
    assert found.not_understood == ["feeSchedule.cap", "feeSchedule.rate:str", "feeSchedule.takerOnly:int"]
    assert sighting(MARKET | {"feeSchedule": [1]}).not_understood == ["feeSchedule:list"]
    assert sighting(MARKET | {"feesEnabled": "yes"}).not_understood == ["feesEnabled:str"]


def test_a_change_of_fees_is_a_version_and_an_answer_without_a_word_of_them_is_none():
    dearer = FEES | {"feeSchedule": SCHEDULE | {"rate": 0.07}}
    found = seen(FEES, {}, dearer, {"feesEnabled": False})
    assert found.select("fees_enabled", "fee_type", "fee_rate").rows() == [
        (True, "sports_fees_v2", 50_000),
        (True, "sports_fees_v2", 70_000),
        (False, None, None),
    ]


def test_fees_of_the_day_before_hold_until_others_are_said():
    before = seen(FEES)
    assert seen({}, before=before, hour=24)["fee_rate"].to_list() == [50_000]


def test_a_version_has_the_volume_and_liquidity_that_it_began_with_and_no_later_ones():
    small, large = (
        {"volumeNum": 10, "liquidityNum": 2.5},
        {"volumeNum": 9_000_000.5, "liquidityNum": 0},
    )
    found = seen(small, large, large | {"closed": True})
    assert found.select("closed", "volume", "liquidity").rows() == [
        (None, 10_000_000, 2_500_000),
        (True, 9_000_000_500_000, 0),
    ]
    assert seen(large, before=seen(small), hour=24)["volume"].to_list() == [10_000_000]


def test_a_snapshot_has_no_column_of_what_its_market_had_traded_or_costs():
    snapshot = load_contract(ROOT / "contracts/gold/cutoff_snapshot.avsc")
    assert not {*FEES_TOLD, "volume", "liquidity"} & set(snapshot.names)


@pytest.mark.parametrize("volume", [None, 1, 9_000_000])
def test_what_a_market_traded_in_the_end_changes_no_version_that_held_before(volume):
    known = seen({"volumeNum": 5, "liquidityNum": 7})
    later = seen({"volumeNum": volume, "closed": True}, before=known, hour=24)
    assert later.drop("ts_valid_to")[0].equals(known.drop("ts_valid_to"))
