"""Which cutoffs are not asked, and under which reason they are counted: a game that had begun, an end that was moved nearer."""

from datetime import UTC, datetime

import polars as pl
import pytest

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.evidence import SHAPE as EVIDENCE
from lakeflow.forecast.tables.evidence import evidence
from lakeflow.forecast.tables.versions import tokens, versions
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.items import resolution
from lakeflow.vendors.polymarket.otherwise import Asked
from tests.polymarket.answers import frame

MARKET = {
    "id": "1", "conditionId": "0x" + "ab" * 32, "clobTokenIds": '["11", "22"]', "outcomes": '["Y", "N"]', "active": True,
    "createdAt": "2026-02-01T06:00:00Z",
}  # fmt: skip
TIME = pl.Datetime("ns", "UTC")
ENDINGS = pl.DataFrame(
    schema={"condition_id": pl.String, "winning_token_id": pl.String, "ts_recv": TIME, "ts_event": TIME}
)


def at(day, hour=0):
    return datetime(2026, 2, day, hour, tzinfo=UTC)


def seen(*listed):
    rows = [
        (Asked(int(when.timestamp()) * 10**9, ""), tuple(sighting(MARKET | said))) for when, said in listed
    ]
    return versions(frame("sightings", rows), None)


def asked(markets, day):
    found = cutoffs.held(cutoffs.cutoffs(markets, at(day).date()))
    return found.with_columns(begun=cutoffs.in_play())


def test_what_a_market_says_after_its_game_began_is_no_forecast():
    game = seen((at(1, 7), {"gameStartTime": "2026-02-03 01:00:00+00", "endDate": "2026-02-10T00:00:00Z"}))
    found = asked(game, 3).select("anchor", "horizon_s", "begun").sort("anchor", "horizon_s")
    assert found.rows() == [("CALENDAR", 0, True), ("SCHED_END", 3600, False)]


def test_a_market_without_a_game_is_asked_after_its_end_as_long_as_it_is_open():
    late = seen((at(1, 7), {"endDate": "2026-02-03T01:00:00Z"}))
    assert not asked(late, 3)["begun"].any()


def test_horizons_that_an_end_moved_nearer_has_passed_over_are_counted():
    moved = seen(
        (at(1, 7), {"endDate": "2026-02-09T06:00:00Z"}), (at(4, 18), {"endDate": "2026-02-05T06:00:00Z"})
    )
    lost = cutoffs.opened_after(moved, at(4).date())
    assert lost.select("horizon_s", "reason").sort("horizon_s").rows() == [
        (86_400, "RESCHEDULED"),
        (259_200, "RESCHEDULED"),
    ]


@pytest.mark.parametrize("end", ["2026-02-12T06:00:00Z", "2026-02-09T06:00:00Z"])
def test_an_end_that_is_not_moved_nearer_loses_no_horizon(end):
    moved = seen(
        (at(1, 7), {"endDate": "2026-02-09T06:00:00Z"}), (at(4, 18), {"endDate": end, "slug": "again"})
    )
    assert cutoffs.opened_after(moved, at(4).date()).is_empty()


def test_horizons_that_had_begun_when_a_market_was_first_seen_are_counted():
    lost = cutoffs.opened_after(seen((at(4, 18), {"endDate": "2026-02-05T06:00:00Z"})), at(4).date())
    assert set(lost["reason"]) == {"OPENED_AFTER"}
    assert lost["horizon_s"].min() == 86_400


def test_a_cutoff_that_had_come_before_the_end_was_moved_is_not_counted_again():
    moved = seen(
        (at(1, 7), {"endDate": "2026-02-05T12:00:00Z"}), (at(4, 18), {"endDate": "2026-02-05T11:00:00Z"})
    )
    assert cutoffs.opened_after(moved, at(4).date()).is_empty()


@pytest.mark.parametrize("status", ["proposed", "disputed", "resolved", "settled"])
def test_a_market_that_is_first_seen_when_an_answer_is_about_is_over(status):
    markets = seen((at(1, 7), {"endDate": "2026-02-03T01:00:00Z", "umaResolutionStatus": status}))
    found = cutoffs.held(cutoffs.cutoffs(markets, at(3).date()))
    over = found.select(cutoffs.ended_by(found, pl.DataFrame(schema=EVIDENCE), markets)).to_series()
    assert over.to_list() == [True] * found.height


STATUSES = ["proposed", "challenged", "disputed", "reproposed", "arbitration"]


@pytest.mark.parametrize(
    "said", [*({"status": each} for each in STATUSES), {"status": "posed", "was_disputed": True}]
)
def test_what_the_resolution_service_calls_disputed_was_proposed_by_then(said):
    event = resolution(
        {"condition_id": MARKET["conditionId"], "last_update_timestamp": "2026-02-02T09:00:00Z"} | said, {}
    )
    events = frame("resolution_events", [(Asked(int(at(2, 10).timestamp()) * 10**9, ""), tuple(event))])
    markets = seen((at(1, 7), {"endDate": "2026-02-05T12:00:00Z"}))
    known = evidence(frame("sightings", []), events, ENDINGS, tokens(markets), None)
    assert known["ts_proposed"].to_list() == [at(2, 9)]
    asked_at = [at(2, 8), at(2, 9), at(4)]
    found = pl.DataFrame(
        {
            "condition_id": MARKET["conditionId"],
            "ts_cutoff": asked_at,
            "closed": False,
            "resolution_status": None,
        }
    )
    assert found.select(cutoffs.ended_by(found, known, markets)).to_series().to_list() == [False, True, True]


def test_a_market_that_the_lister_first_shows_as_disputed_was_proposed_by_then():
    listed = sighting(MARKET | {"umaResolutionStatus": "disputed"})
    rows = frame("sightings", [(Asked(int(at(2, 10).timestamp()) * 10**9, ""), tuple(listed))])
    known = evidence(rows, frame("resolution_events", []), ENDINGS, tokens(versions(rows, None)), None)
    assert known.select("status", "ts_proposed").rows() == [("disputed", at(2, 10))]
