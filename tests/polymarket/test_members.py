"""What the markets of a group cost together at a cutoff, whenever each of them is to end."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from lakeflow.forecast.tables.books import FED, SHOWN, Books
from lakeflow.forecast.tables.evidence import SHAPE
from lakeflow.forecast.tables.quotes import Sources
from lakeflow.forecast.tables.snapshots import Day, snapshots
from lakeflow.forecast.tables.versions import versions
from lakeflow.forecast.tables.volumes import Told
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.otherwise import Asked
from tests.polymarket.answers import frame

TIME = pl.Datetime("ns", "UTC")
MIDNIGHT, NOON = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 1, 12, tzinfo=UTC)
QUOTED = datetime(2026, 2, 1, 11, 59, tzinfo=UTC)
EMPTY = {
    "interest": {"condition_id": pl.String, "ts_observed": TIME, "open_interest": pl.Int64},
    "marks": {"condition_id": pl.String, "ts_mark": TIME, "p": pl.Int64},
    "own": {"token_id": pl.String, "ts_event": TIME, "price": pl.Int64, "order": pl.String},
    "points": {"token_id": pl.String, "ts_known": TIME, "ts_event": TIME, "price": pl.Int64, "resolution_s": pl.Int64},
}  # fmt: skip
NOTHING = {name: pl.DataFrame(schema=shape) for name, shape in EMPTY.items()}
NOT_TOLD = Told(
    pl.DataFrame(schema={"condition_id": pl.String, "ts_event": TIME, "paid": pl.Int64}),
    pl.DataFrame(schema={"condition_id": pl.String, "ts_observed": TIME}),
    pl.DataFrame(schema={"condition_id": pl.String, "ts_event": TIME, "paid": pl.Int64}),
    pl.DataFrame(schema={"condition_id": pl.String, "ts_heard": TIME}),
)


def at(day, hour, minute=0):
    return datetime(2026, 2, day, hour, minute, tzinfo=UTC)


def name(member):
    return f"0x{member:064x}"


def listed(member, when=MIDNIGHT, end="2026-02-02T12:00:00Z", **said):
    market = {
        "id": str(member), "conditionId": name(member), "clobTokenIds": f'["{member}1", "{member}2"]', "outcomes": '["Y", "N"]',
        "active": True, "closed": False, "negRisk": True, "negRiskMarketID": "0xg", "endDate": end,
    }  # fmt: skip
    return Asked(int(when.timestamp()) * 10**9, ""), tuple(sighting(market | said))


def told(member, payout, when):
    row = {"condition_id": name(member), "source": "GAMMA", "status": "resolved", "payout0": payout, "last_payout0": payout, "ts_known": when, "ts_told": when}  # fmt: skip
    return dict.fromkeys(SHAPE) | row


def everyone(rows, mids, *said, quoted=QUOTED):
    """The snapshots of the first of February."""
    tops = pl.DataFrame(
        [(f"{member}1", quoted, mid - 10_000, mid + 10_000, 1, "MATCH") for member, mid in mids.items()], schema=FED, orient="row"
    )  # fmt: skip
    known = Books(tops, tops.select("token_id", ts_heard="ts_recv"), pl.DataFrame(schema=SHOWN))
    sources = Sources(known, NOTHING["own"], NOTHING["points"])
    markets = versions(frame("sightings", rows), None)
    evidence = pl.DataFrame([*said], schema=SHAPE)
    day = Day(markets, evidence, NOTHING["interest"], NOT_TOLD, NOTHING["marks"], None)
    return snapshots(day, sources, date(2026, 2, 1))["snapshots"]


def asked(rows, mids, *said, quoted=QUOTED):
    """Group sum, share and input time of each member that has a snapshot at noon on the first, a day before its end."""
    found = everyone(rows, mids, *said, quoted=quoted)
    shown = found.filter(pl.col("anchor") == "SCHED_END", pl.col("ts_cutoff") == NOON).sort("condition_id")
    return shown.select("condition_id", "group_sum", "p_norm", "ts_inputs_known").rows()


MIDS = {1: 210_000, 2: 290_000, 3: 490_000}
LATE = "2026-02-03T12:00:00Z"
WHOLE = [(name(1), 990_000, 212_121), (name(2), 990_000, 292_929)]
OTHERS = [(name(1), 500_000, 420_000), (name(2), 500_000, 580_000)]
ALONE = [(name(1), None, None), (name(2), None, None)]


def test_a_member_that_ends_on_another_day_is_in_the_sum():
    found = asked([listed(1), listed(2), listed(3, end=LATE)], MIDS)
    assert [row[:3] for row in found] == WHOLE


def test_a_sum_is_known_when_the_last_of_its_prices_is():
    later = at(1, 9)
    found = asked(
        [listed(1), listed(2), listed(3, end=LATE), listed(3, later, LATE, slug="b")],
        MIDS,
        quoted=at(1, 11, 50),
    )
    assert {row[3] for row in found} == {at(1, 11, 50)}


@pytest.mark.parametrize(
    ("third", "rows"),
    [
        (listed(3, end=LATE, active=False), OTHERS),
        (listed(3, at(1, 13), LATE), OTHERS),
        (listed(3, end=LATE, negRiskMarketID="0xother"), OTHERS),
        (listed(3, end=LATE, umaResolutionStatus="proposed"), ALONE),
        (listed(3, end=LATE, outcomes=None, clobTokenIds=None), ALONE),
    ],
    ids=["a place kept", "came later", "of another group", "an answer is about", "no tokens"],
)  # fmt: skip
def test_a_group_is_what_it_was_at_the_cutoff(third, rows):
    assert [row[:3] for row in asked([listed(1), listed(2), third], MIDS)] == rows


def test_a_group_of_which_a_member_has_no_price_has_no_sum():
    found = asked([listed(1), listed(2), listed(3, end=LATE)], {1: 210_000, 2: 290_000})
    assert [row[:3] for row in found] == ALONE


OVER = {"closed": True, "umaResolutionStatus": "resolved"}


@pytest.mark.parametrize("payout", [0, 1_000_000])
@pytest.mark.parametrize(("hour", "rows"), [(10, OTHERS), (12, OTHERS), (13, ALONE)])
def test_a_member_whose_answer_had_been_told_is_none_any_more_whatever_it_was(payout, hour, rows):
    third = [listed(3, end=LATE), listed(3, at(1, 9), LATE, **OVER)]
    found = asked([listed(1), listed(2), *third], MIDS, told(3, payout, at(1, hour)))
    assert [row[:3] for row in found] == rows


def test_members_that_are_over_leave_no_group_of_one():
    second = [listed(2), listed(2, at(1, 9), **OVER)]
    found = asked([listed(1), *second], MIDS, told(2, 0, at(1, 10)))
    assert [row[:3] for row in found] == [(name(1), None, None)]


def test_members_that_end_at_different_times_are_asked_together_before_the_first_end():
    rows = [listed(1), listed(2, end="2026-02-05T12:00:00Z"), listed(3, end="2026-03-01T12:00:00Z")]
    found = everyone(rows, {1: 200_000, 2: 300_000, 3: 400_000}).filter(pl.col("anchor") == "GROUP_END")
    assert found.select("ts_cutoff", "horizon_s").unique().rows() == [(NOON, 86_400)]
    assert found.select("condition_id", "p", "group_sum").rows() == [
        (name(1), 200_000, 900_000), (name(2), 300_000, 900_000), (name(3), 400_000, 900_000)
    ]  # fmt: skip
    together = everyone([listed(1), listed(2)], {1: 200_000, 2: 300_000})
    assert "GROUP_END" not in set(together["anchor"])
