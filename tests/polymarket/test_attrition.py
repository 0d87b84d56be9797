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


def horizons(days, *listed):
    """What is counted of each horizon before the end, on each of some days of April."""
    markets, taken, found = None, None, {}
    for day in days:
        markets = versions(rows(*(each for each in listed if each[0].day == day)), markets)
        made = asked_on(markets, date(2026, 4, day), taken)
        taken = made["taken"]
        for each in made["attrition"].filter(pl.col("anchor") == "SCHED_END").to_dicts():
            found.setdefault(each["horizon_s"] // 3600, []).append((day, each["reason"], each["markets"]))
    return found


def test_a_market_that_never_had_an_end_is_counted_at_every_horizon_once_when_it_is_over():
    found = horizons(range(20, 27), (on(4, 20, 1), {}), (on(4, 22, 11), CLOSED | {"endDate": None}))
    assert found == {hours: [(22, "NO_END", 1)] for hours in (1, 6, 24, 72, 168, 336, 720, 2160)}


def test_a_horizon_that_was_taken_before_an_end_was_lost_is_counted_as_taken_alone():
    soon, without = {"endDate": "2026-04-21T12:00:00Z"}, CLOSED | {"endDate": None}
    found = horizons(range(20, 24), (on(4, 20, 1), soon), (on(4, 20, 14), {}), (on(4, 22, 11), without))
    assert (found[24], found[6]) == ([(20, "TAKEN", 1)], [(22, "NO_END", 1)])


@pytest.mark.parametrize("later", [{}, OVER | {"closedTime": "2026-04-21 09:00:00+00"}], ids=["open", "over"])
def test_a_question_that_an_end_that_was_moved_asks_again_is_counted_once(later):
    moved = {"endDate": "2026-04-23T12:00:00Z"}
    seen = (on(4, 20, 1), {"endDate": "2026-04-21T12:00:00Z"}), (on(4, 21, 10), moved | later)
    assert horizons(range(20, 25), *seen)[24] == [(20, "TAKEN", 1)]


def test_horizons_that_an_end_brought_nearer_passes_over_are_counted_unless_they_had_been_taken():
    ends = [{"endDate": f"2026-04-{day}T12:00:00Z"} for day in (21, 29, 23)]
    found = horizons(range(20, 24), *zip((on(4, 20, 1), on(4, 21, 1), on(4, 22, 14)), ends, strict=True))
    assert found[24] == [(20, "TAKEN", 1)]
    assert found[72] == [(20, "OPENED_AFTER", 1), (22, "RESCHEDULED", 1)]
