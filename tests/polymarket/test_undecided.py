"""Groups with members that no yes or no answers (two that won, halves, a contradiction): they are told of as such, without a score."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from lakeflow.forecast.tables.labels import labels
from lakeflow.forecast.tables.scored import SHAPE
from lakeflow.forecast.tables.versions import versions
from lakeflow.forecast.tables.waiting import WAITS
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.otherwise import Asked
from stages.gold.polymarket_groups import group
from tests.polymarket.answers import frame
from tests.polymarket.ended_markets import evidence, tokens

CUT = datetime(2026, 4, 24, 12, tzinfo=UTC)
TOLD = CUT + timedelta(hours=5)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PRICES = (600_000, 300_000, 100_000)
ENDINGS = pl.DataFrame(schema={"condition_id": pl.String, "winning_token_id": pl.String, "ts_recv": pl.Datetime("ns", "UTC"), "ts_event": pl.Datetime("ns", "UTC")})  # fmt: skip


def name(place):
    return f"0x{place:064x}"


HALF = 0.5


def seen(at, *won, about=({}, {}, {})):
    """The lister's word at an instant: of each member whether it won, or that it paid halves; None of one that is open."""
    rows = []
    for place, each in enumerate(won):
        over = {
            "closed": True,
            "umaResolutionStatus": "resolved",
            "outcomePrices": '["0.5", "0.5"]' if each == HALF else '["1", "0"]' if each else '["0", "1"]',
        }
        market = {"id": str(place), "conditionId": name(place), "clobTokenIds": f'["{place}1", "{place}2"]', "outcomes": '["Y", "N"]',
                  "active": True, "closed": False, "negRisk": True, "negRiskMarketID": "0xg"}  # fmt: skip
        listed = sighting(market | about[place] | ({} if each is None else over))
        rows.append((Asked(int(at.timestamp()) * 10**9, ""), tuple(listed)))
    return frame("sightings", rows)


def ended(*days, about=({}, {}, {})):
    """Markets and labels at the end of the last of some days."""
    known = said = was = None
    for at, *won in days:
        sightings = seen(at, *won, about=about)
        known = versions(sightings, known)
        none = frame("resolution_events", [])
        said = evidence(sightings, none, ENDINGS, tokens(known), said)
        was = labels(said, known, sightings, was, at.date())
    return known, was


def asked(*places, cut=CUT):
    """The snapshots of a year."""
    return waits(*places, cut=cut).with_columns(excluded=pl.lit(value=False))


def waits(*places, cut=CUT):
    about = {"anchor": "SCHED_END", "horizon_s": 3600, "ts_cutoff": cut, "group_id": "0xg"}
    shape = SHAPE | dict.fromkeys(set(WAITS) - set(SHAPE), pl.Int64())
    rows = [dict.fromkeys(shape) | about | {"condition_id": name(n), "p": PRICES[n]} for n in places]
    return pl.DataFrame(rows, schema=shape).lazy()


def scored(*outcomes, dt=CUT):
    """Forecasts that were scored on a day, by place."""
    rows = [dict.fromkeys(SHAPE) | {"condition_id": name(n), "anchor": "SCHED_END", "horizon_s": 3600, "ts_cutoff": CUT, "group_id": "0xg",
                                    "forecaster": "MARKET", "p": PRICES[n], "y": y, "ts_label_known": at} for n, y, at in outcomes]  # fmt: skip
    return pl.DataFrame(rows, schema=SHAPE).with_columns(dt=pl.lit(dt.date()))


def told(rows, waiting, days, audited=(TOLD,), snapshots=None, about=({}, {}, {})):
    markets, became = ended(*days, about=about)
    audits = pl.DataFrame(
        {"day": [each.date() for each in audited], "check_id": "L01", "passed": True},
        schema={"day": pl.Date, "check_id": pl.String, "passed": pl.Boolean},
    )
    shots = asked() if snapshots is None else snapshots
    made = group(rows, waiting, shots, asked(), became, markets, audits, days[-1][0].date(), 1, 3600)
    return made.select("status", "k", "overround", "multi_brier", "log_score").rows()


def test_a_group_whose_members_all_won_is_told_of_without_a_score():
    assert told(scored(), waits(0, 1), [(TOLD, True, True)]) == [("TWO_WINNERS", 2, 900_000, None, None)]


def test_two_winners_of_three_are_counted_with_the_one_that_lost():
    lost = scored((2, 0, TOLD))
    days = [(TOLD, True, True, False)]
    assert told(lost, waits(0, 1), days) == [("TWO_WINNERS", 3, 1_000_000, None, None)]


def test_the_first_winner_was_scored_a_day_before_the_second_one_won():
    first = scored((0, 1, TOLD))
    days = [(TOLD, True, None), (TOLD + DAY, True, True)]
    assert told(first, waits(1), days, (TOLD, TOLD + DAY)) == [("TWO_WINNERS", 2, 900_000, None, None)]
    assert told(first, waits(1), [(TOLD, True, None)]) == []


def test_one_winner_in_conflict_of_its_sources_alone_is_no_second_one():
    assert told(scored((1, 0, TOLD)), waits(0), [(TOLD, True, False)])[0][0] == "INCOMPLETE"


@pytest.mark.parametrize(("before", "rows"), [(2 * HOUR, 1), (HOUR, 0)])
def test_a_forecast_that_was_made_when_the_answer_was_about_is_none(before, rows):
    late = waits(0, 1, cut=TOLD - before)
    assert len(told(scored(), late, [(TOLD, True, True)])) == rows


def test_a_group_of_two_winners_on_a_day_without_an_audit_is_blocked():
    assert told(scored(), waits(0, 1), [(TOLD, True, True)], ())[0][0] == "BLOCKED"


CANCELLED = [("NO_WINNER", 3, 1_000_000, None, None)]


def test_a_group_that_was_cancelled_has_no_winner():
    assert told(scored(), waits(), [(TOLD, HALF, HALF, HALF)], snapshots=asked(0, 1, 2)) == CANCELLED


def test_a_group_that_was_cancelled_has_no_winner_looking_back_either():
    markets, became = ended((TOLD, HALF, HALF, HALF))
    ahead = asked(0, 1, 2).with_columns(anchor=pl.lit("CLOSE_EXPOST"))
    audits = pl.DataFrame({"day": [TOLD.date()], "check_id": ["L01"], "passed": [True]})
    made = group(scored(), waits(), asked(), ahead, became, markets, audits, TOLD.date(), 1, 3600)
    assert made.select("anchor", "status", "k").rows() == [("CLOSE_EXPOST", "NO_WINNER", 3)]


def test_a_member_that_was_cancelled_a_day_earlier_is_counted_with_the_others_when_they_end():
    days = [(TOLD, HALF, None, None), (TOLD + DAY, HALF, HALF, HALF)]
    assert told(scored(), waits(), days, (TOLD, TOLD + DAY), asked(0, 1, 2)) == CANCELLED
    assert told(scored(), waits(1, 2), days[:1], snapshots=asked(0, 1, 2)) == []


@pytest.mark.parametrize(
    ("won", "status"),
    [((False, False, HALF), "NO_WINNER"), ((False, True, HALF), "INCOMPLETE"), ((True, True, HALF), "TWO_WINNERS")],
)  # fmt: skip
def test_a_half_beside_others_is_no_winner_and_no_loser(won, status):
    lost = scored(*((n, int(each), TOLD) for n, each in enumerate(won[:2]) if sum(won[:2]) < 2))
    still = waits(0, 1) if status == "TWO_WINNERS" else waits()
    made = told(lost, still, [(TOLD, *won)], snapshots=asked(0, 1, 2))
    assert made == [(status, 3, 1_000_000, None, None)]


def test_an_answer_that_sources_contradict_each_other_about_leaves_nobody_without_a_winner():
    days = [(TOLD, True, None), (TOLD + DAY, False, False)]
    made = told(scored((1, 0, TOLD + DAY)), waits(0), days, (TOLD, TOLD + DAY))
    assert made == [("INCOMPLETE", 2, 900_000, None, None)]


def test_rungs_of_a_ladder_that_was_cancelled_are_told_of():
    names = ("90,000", "100,000", "110,000")
    about = [{"negRisk": False, "negRiskMarketID": None, "groupItemTitle": each, "events": [{"id": "800"}],
              "question": f"Will BTC be above {each} on May 1?", "endDate": "2026-05-01T12:00:00Z", "outcomes": '["Yes", "No"]'} for each in names]  # fmt: skip
    made = told(scored(), waits(), [(TOLD, HALF, HALF, HALF)], snapshots=asked(0, 1, 2), about=about)
    assert made == [("INCOMPLETE", 3, 1_000_000, None, None)]
