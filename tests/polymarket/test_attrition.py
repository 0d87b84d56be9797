"""What became of the cutoffs that have no forecast: a market that is over once, one that nobody can ask about as long as it is open."""

from datetime import date

import polars as pl
import pytest

from lakeflow.forecast.tables.features import features
from lakeflow.forecast.tables.marks import hourly
from lakeflow.forecast.tables.snapshots import bucket
from lakeflow.forecast.tables.versions import versions
from tests.polymarket.test_edges_markets import OVER, asked_on, each_hour, on, rows
from tests.polymarket.test_volumes import INTEREST, MARKS, TIME, VERSION, at, said

END = {"endDate": "2026-05-01T12:00:00Z"}


def at_noon(made):
    noon = made["attrition"].filter(pl.col("anchor") == "CALENDAR")
    return noon.select("reason", "markets").rows()


def week(*listed):
    """What is counted at the noons of a week that begins on 20 April."""
    markets, taken, found = None, None, []
    for day in range(20, 27):
        today = [each for each in listed if each[0].day == day]
        markets = versions(rows(*today), markets)
        made = asked_on(markets, date(2026, 4, day), taken)
        taken = made["taken"]
        found.append(at_noon(made))
    return found


TAKEN, OVER_NOW = [("TAKEN", 1)], [("RESOLVED_BEFORE", 1)]
CLOSED = END | OVER | {"closedTime": "2026-04-22 10:05:00+00"}


@pytest.mark.parametrize(
    ("later", "counted"),
    [
        ([(on(4, 22, 11), CLOSED)], [TAKEN, TAKEN, OVER_NOW, [], [], [], []]),
        ([(on(4, 22, 17), CLOSED)], [TAKEN, TAKEN, OVER_NOW, [], [], [], []]),
        ([(on(4, 24, 17), CLOSED)], [TAKEN, TAKEN, TAKEN, TAKEN, OVER_NOW, [], []]),
        ([(on(4, 22, 17), END | OVER)], [TAKEN, TAKEN, TAKEN, OVER_NOW, [], [], []]),
        ([(on(4, 22, 11), END | OVER), (on(4, 22, 15), CLOSED), (on(4, 23, 15), CLOSED | {"slug": "b"})], [TAKEN, TAKEN, OVER_NOW, [], [], [], []]),
        ([(on(4, 21, 17), END | {"umaResolutionStatus": "proposed"}), (on(4, 24, 11), CLOSED)], [TAKEN, TAKEN, OVER_NOW, [], [], [], []]),
    ],
    ids=["seen before noon", "seen after noon", "seen late", "without a time", "listed again", "proposed before"],
)  # fmt: skip
def test_a_market_is_counted_as_over_once_when_it_ended(later, counted):
    assert week((on(4, 20, 1), END), *later) == counted


def test_a_market_that_had_ended_before_anybody_saw_it_was_not_lost():
    assert week((on(4, 24, 1), CLOSED)) == [[]] * 7


@pytest.mark.parametrize(
    ("said_of_it", "reason"),
    [
        ({"clobTokenIds": None, "outcomes": None}, "NO_TOKENS"),
        ({"clobTokenIds": '["1", "2", "3"]', "outcomes": '["A", "B", "C"]'}, "NOT_BINARY"),
        ({"active": False}, "INACTIVE"),
    ],
)
def test_a_market_that_cannot_be_asked_is_counted_with_why(said_of_it, reason):
    made = asked_on(versions(rows((on(3, 1), END | said_of_it)), None), date(2026, 4, 24))
    assert made["snapshots"].is_empty()
    assert set(made["attrition"]["reason"]) == {reason}
    assert set(made["attrition"]["anchor"]) == {"CALENDAR", "SCHED_END"}


def test_a_price_of_after_the_close_is_none_however_late_the_close_was_seen():
    known = versions(rows((on(4, 20, 1), END), (on(4, 24, 17), END | OVER | {"closedTime": "2026-04-24 10:05:00+00"})), None)  # fmt: skip
    made = asked_on(known, date(2026, 4, 24))
    assert made["snapshots"].filter(pl.col("ts_cutoff") >= on(4, 24, 10)).is_empty()
    assert made["attrition"]["reason"].to_list() == ["RESOLVED_BEFORE", "RESOLVED_BEFORE"]


def test_depth_that_nobody_knows_is_not_little():
    dollars = pl.DataFrame({"near": [None, 0, 249_999_999, 250_000_000]})
    assert dollars.select(bucket(pl.col("near"))).to_series().to_list() == ["UNKNOWN", "THIN", "THIN", "LOW"]


@pytest.mark.parametrize(
    ("hours", "change"), [([12], None), ([12, 14], None), ([12, 13], 2.0), ([12, 13, 15], 2.0)]
)
def test_odds_moved_between_hours_that_follow_one_another_or_nobody_knows(hours, change):
    odds = {12: 500_000, 13: 880_797, 14: 880_797, 15: 1}
    marks = pl.DataFrame(
        [MARKS.row(0, named=True) | {"ts_mark": at(hour), "p": odds[hour]} for hour in hours],
        schema_overrides={"ts_mark": TIME},
    )
    found = features(VERSION, marks, said(), INTEREST, at(12).date())
    assert found["logit_return"].to_list() == pytest.approx([change], abs=1e-5)


def test_an_hour_after_the_close_has_no_mark_however_late_the_close_was_seen():
    late = END | OVER | {"closedTime": "2026-04-24 10:05:00+00"}
    known = versions(rows((on(4, 20, 1), END), (on(4, 24, 17), late)), None)
    assert hourly(known, each_hour(date(2026, 4, 24)), date(2026, 4, 24))["ts_mark"].max() == on(4, 24, 10)
