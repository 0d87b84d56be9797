"""Cutoffs and prices: the version that held, the price that was fresh, and the reason where there is none."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.books import HEARD, SHOWN, Books, seconds
from lakeflow.forecast.tables.evidence import SHAPE
from lakeflow.forecast.tables.groups import groups
from lakeflow.forecast.tables.quotes import Sources, priced
from lakeflow.forecast.tables.versions import versions
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.otherwise import Asked
from tests.polymarket.answers import frame

TIME = pl.Datetime("ns", "UTC")
CUT = datetime(2026, 4, 24, 12, tzinfo=UTC)


def hours(count):
    return CUT - timedelta(hours=count)


def seen(*listed):
    base = {
        "id": "1",
        "conditionId": "0x" + "ab" * 32,
        "clobTokenIds": '["11", "22"]',
        "outcomes": '["Y", "N"]',
        "active": True,
    }
    rows = [(Asked(int(at.timestamp()) * 10**9, ""), tuple(sighting(base | said))) for at, said in listed]
    return versions(frame("sightings", rows), None)


def ask(
    *,
    bid=None,
    ask=None,
    heard=0.0,
    last=None,
    last_at=1.0,
    hist=None,
    hist_known=0.5,
    res=3600,
    status="MATCH",
):
    tops = pl.DataFrame({"token_id": ["11"], "ts_recv": [hours(2)], "bid": [bid], "ask": [ask], "near_2c": [1], "verify_status": [status]},
                        schema={"token_id": pl.String, "ts_recv": TIME, "bid": pl.Int64, "ask": pl.Int64, "near_2c": pl.Int64, "verify_status": pl.String})  # fmt: skip
    times = pl.DataFrame({"token_id": ["11"], "ts_heard": [hours(heard)]}, schema=HEARD)
    trades = pl.DataFrame({"token_id": ["11"], "ts_event": [hours(last_at)], "price": [last], "order": [""]},
                          schema={"token_id": pl.String, "ts_event": TIME, "price": pl.Int64, "order": pl.String}).drop_nulls()  # fmt: skip
    known = hours(hist_known)
    points = pl.DataFrame({"token_id": ["11"], "ts_event": [known - timedelta(seconds=res)], "ts_known": [known], "price": [hist], "resolution_s": [res]},
                          schema={"token_id": pl.String, "ts_event": TIME, "ts_known": TIME, "price": pl.Int64, "resolution_s": pl.Int64}).drop_nulls()  # fmt: skip
    asked = pl.DataFrame(
        {"token_id": ["11"], "other_token_id": ["22"], "ts_cutoff": [CUT]},
        schema_overrides={"ts_cutoff": TIME},
    )
    known = Books(tops, times, pl.DataFrame(schema=SHOWN))
    found = priced(asked, Sources(known, trades, points)).row(0, named=True)
    return found["p"], found["p_kind"] or found["no_price"]


@pytest.mark.parametrize(
    ("known", "price"),
    [
        ({"bid": 400_000, "ask": 420_000}, (410_000, "MID")),
        ({"bid": 400_000, "ask": 420_000, "heard": 0.25}, (410_000, "MID")),
        ({"bid": 400_000, "ask": 420_000, "heard": 0.26}, (None, "NO_QUOTE")),
        ({"bid": 400_000, "ask": 420_000, "status": "UNVERIFIABLE"}, (410_000, "MID_UNVERIFIED")),
        ({"bid": 400_000, "ask": 600_000, "last": 1_000_000}, (None, "NO_QUOTE")),
        ({"bid": 400_000, "ask": 420_000, "status": "MISMATCH"}, (None, "NO_QUOTE")),
        ({"bid": 600_000, "ask": 500_000, "status": "UNVERIFIABLE"}, (None, "NO_QUOTE")),
        ({"bid": 500_000, "ask": 500_000}, (None, "NO_QUOTE")),
        ({"bid": 400_000, "ask": 600_000, "last": 450_000}, (450_000, "LAST")),
        ({"bid": 400_000, "ask": 600_000, "last": 450_000, "last_at": 24.1}, (None, "NO_QUOTE")),
        ({"bid": 400_000}, (None, "ONE_SIDED")),
        ({"bid": 400_000, "last": 450_000}, (450_000, "LAST")),
        ({"hist": 300_000}, (300_000, "HIST")),
        ({"hist": 300_000, "hist_known": 1.5}, (None, "NO_QUOTE")),
        ({"hist": 300_000, "res": 43200, "hist_known": -6.0}, (None, "NO_QUOTE")),
        ({"hist": 1_000_000, "res": 0}, (None, "NO_QUOTE")),
        ({}, (None, "NO_QUOTE")),
    ],
)
def test_the_price_at_a_cutoff(known, price):
    assert ask(**known) == price


def test_an_end_that_is_moved_later_does_not_move_the_cutoff_that_was():
    moved = seen(
        (hours(200), {"endDate": "2026-05-01T12:00:00Z"}),
        (CUT + timedelta(days=6), {"endDate": "2026-05-10T12:00:00Z"}),
    )
    on = cutoffs.held(cutoffs.cutoffs(moved, date(2026, 4, 24))).filter(pl.col("anchor") == "SCHED_END")
    assert on.select("horizon_s", "ts_cutoff").rows() == [(7 * 86_400, CUT)]
    assert moved["rescheduled"].to_list() == [False, True]


def test_a_game_ends_when_it_begins_and_not_a_week_later():
    game = seen(
        (
            hours(200),
            {
                "endDate": "2026-05-08T12:00:00Z",
                "gameStartTime": "2026-05-01 12:00:00+00",
                "sportsMarketType": "moneyline",
            },
        )
    )
    assert game.select("scheduled_by", "category").row(0) == ("GAME_START", "sports")
    assert game["ts_scheduled_end"][0] == datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_market_that_is_first_seen_after_its_cutoff_is_counted():
    late = seen((CUT + timedelta(hours=1), {"endDate": "2026-05-01T12:00:00Z"}))
    assert (
        cutoffs.held(cutoffs.cutoffs(late, date(2026, 4, 24)))
        .filter(pl.col("anchor") == "SCHED_END")
        .is_empty()
    )
    lost = cutoffs.opened_after(late, date(2026, 4, 24))
    assert set(lost["horizon_s"]) == {7 * 86_400, 14 * 86_400, 30 * 86_400, 90 * 86_400}


def test_a_market_that_is_over_by_its_cutoff_is_known_to_be():
    over = seen(
        (hours(200), {"endDate": "2026-05-01T12:00:00Z"}),
        (hours(1), {"endDate": "2026-05-01T12:00:00Z", "closed": True}),
    )
    on = cutoffs.held(cutoffs.cutoffs(over, date(2026, 4, 24)))
    assert on.select(
        cutoffs.ended_by(on, pl.DataFrame(schema=SHAPE), over)
    ).to_series().unique().to_list() == [True]


def test_what_a_sweep_without_tags_says_changes_nothing():
    found = seen(
        (hours(3), {"tags": [{"slug": "nba"}]}),
        (hours(2), {"tags": []}),
        (hours(1), {"tags": [{"slug": "nba"}]}),
    )
    assert (found.height, found["category"].to_list()) == (1, ["sports"])


def test_a_category_never_seen_is_other_and_its_tags_are_named():
    found = seen((hours(3), {"tags": [{"slug": "underwater-chess"}]}))
    assert found.select("category", "not_understood").row(0) == ("other", ["tag=underwater-chess"])


def test_minutes_long_markets_are_a_category_of_their_own():
    assert seen((hours(3), {"slug": "btc-updown-5m-1773307200"}))["category"].to_list() == ["crypto_updown"]


def test_a_market_in_two_events_is_in_one_cluster():
    assert seen((hours(3), {"events": [{"id": "100"}, {"id": "99"}]}))["cluster_id"].to_list() == ["event 99"]


def test_a_member_that_joins_later_is_no_member_before():
    member = {"negRisk": True, "negRiskMarketID": "0xg"}
    found = groups(
        seen(
            (hours(9), member),
            (hours(9), member | {"conditionId": "0x" + "cd" * 32}),
            (hours(1), member | {"conditionId": "0x" + "ef" * 32}),
        )
    )
    assert found.select(pl.col("members").list.len(), "ts_valid_from").rows() == [
        (2, hours(9)),
        (3, hours(1)),
    ]


@pytest.mark.parametrize(
    ("span", "told"),
    [(0, 0), (1, 1), (60 * 10**9, 60), (60 * 10**9 + 1, 61), (900 * 10**9, 900), (-(10**9), -1)],
)
def test_a_duration_in_seconds_is_rounded_up_and_no_more_than_that(span, told):
    assert pl.select(seconds(pl.lit(span).cast(pl.Duration("ns")))).item() == told
