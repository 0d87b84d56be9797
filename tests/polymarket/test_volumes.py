"""What was traded over a span: by the service of trades, else by the feed, else unknown."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.forecast.tables.features import features
from lakeflow.forecast.tables.volumes import told, volumes
from stages.gold.polymarket_snapshots import snapshot
from tests.polymarket.conftest import PRICED

TIME = pl.Datetime("ns", "UTC")
MARKETS = pl.DataFrame({"condition_id": ["m"], "token_ids": [["11", "22"]]})
TRADES = {"condition_id": pl.String, "ts_event": TIME, "paid": pl.Int64, "is_taker": pl.Boolean}
FED = {"token_id": pl.String, "ts_recv": TIME, "price": pl.Int64, "size": pl.Int64}
DOLLAR = 1_000_000


def at(hour, day=2):
    return datetime(2026, 2, day, tzinfo=UTC) + timedelta(hours=hour)


def said(listed=(), asked=(), fed=(), heard=(), makers=()):
    """Trades of takers and requests for all of them at the service (a day later where there is one), trades of makers, trades of the feed at a half, and when it said anything, by hour; dollars are of a trade."""
    asked = [*asked, *([30] if listed else [])]
    told_of = [(*each, True) for each in listed] + [(*each, False) for each in makers]
    return told(
        MARKETS,
        pl.DataFrame([("m", at(hour), paid * DOLLAR, is_taker) for hour, paid, is_taker in told_of], schema=TRADES, orient="row"),
        pl.DataFrame([("m", at(hour)) for hour in asked], schema={"condition_id": pl.String, "ts_observed": TIME}, orient="row"),
        pl.DataFrame([(token, at(hour), DOLLAR // 2, 2 * paid * DOLLAR) for token, hour, paid in fed], schema=FED, orient="row"),
        pl.DataFrame([(token, at(hour)) for token, hour in heard], schema={"token_id": pl.String, "ts_recv": TIME}, orient="row").lazy(),
    )  # fmt: skip


def between(since, until, known):
    span = pl.DataFrame(
        [("m", at(since), at(until))],
        schema={"condition_id": pl.String, "since": TIME, "until": TIME},
        orient="row",
    )
    return volumes(span, known).select("volume", "trades", "volume_by").row(0)


HEARD = [("22", 5)]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"listed": [(3, 10), (4, 5)]}, (15 * DOLLAR, 2, "SERVICE")),
        ({"listed": [(0, 10), (12, 5), (13, 7)]}, (5 * DOLLAR, 1, "SERVICE")),
        ({"listed": [(3, 10)], "makers": [(3, 6), (3, 4)]}, (10 * DOLLAR, 1, "SERVICE")),
        ({"makers": [(3, 6), (3, 4)]}, (None, None, None)),
        ({"asked": [23]}, (0, 0, "SERVICE")),
        ({"asked": [0]}, (None, None, None)),
        ({"fed": [("11", 3, 10), ("22", 4, 5)], "heard": HEARD}, (15 * DOLLAR, 2, "FEED")),
        ({"fed": [("33", 3, 10)], "heard": HEARD}, (0, 0, "FEED")),
        ({"heard": [("11", 0), ("11", 13), ("33", 5)]}, (None, None, None)),
        ({"listed": [(3, 10)], "fed": [("11", 3, 11)], "heard": HEARD}, (10 * DOLLAR, 1, "SERVICE")),
        ({"asked": [1, 11.9], "fed": [("11", 3, 11)], "heard": HEARD}, (11 * DOLLAR, 1, "FEED")),
        ({"asked": [1, 12], "fed": [("11", 3, 11)], "heard": HEARD}, (0, 0, "SERVICE")),
        ({"asked": [1]}, (None, None, None)),
        ({"asked": [0], "fed": [("11", 3, 11)], "heard": HEARD}, (11 * DOLLAR, 1, "FEED")),
        ({}, (None, None, None)),
    ],
)
def test_what_was_traded_of_a_market_between_midnight_and_noon(known, expected):
    assert between(0, 12, said(**known)) == expected


def test_a_trade_of_the_feed_is_counted_exactly_however_large():
    huge = 20_000_000
    assert between(0, 12, said(fed=[("11", 3, huge)], heard=HEARD))[0] == huge * DOLLAR


MARKS = pl.DataFrame(
    {"condition_id": ["m"], "ts_mark": [at(12)], "p": [500_000], "near_2c": [0]},
    schema_overrides={"ts_mark": TIME},
)
VERSION = MARKETS.with_columns(
    ts_valid_to=pl.lit(None, TIME), category=pl.lit("other"), ts_scheduled_end=pl.lit(at(72)).cast(TIME)
)
INTEREST = pl.DataFrame(schema={"condition_id": pl.String, "ts_observed": TIME, "open_interest": pl.Int64})


@pytest.mark.parametrize(
    ("known", "flow"),
    [
        ({"listed": [(3, 30), (-3, 20), (24, 5)]}, (30 * DOLLAR, 1, 1.5)),
        ({"listed": [(0, 30), (-24, 20), (-25, 7)]}, (30 * DOLLAR, 1, 1.5)),
        ({"listed": [(3, 30)]}, (30 * DOLLAR, 1, None)),
        ({"asked": [-2], "fed": [("11", 3, 30)], "heard": HEARD}, (30 * DOLLAR, 1, None)),
        ({"fed": [("11", 3, 30), ("11", -3, 60)], "heard": [("11", 3), ("11", -3)]}, (30 * DOLLAR, 1, 0.5)),
        ({}, (None, None, None)),
    ],
)
def test_what_flowed_on_a_day_and_how_much_faster_than_the_day_before(known, flow):
    found = features(VERSION, MARKS, said(**known), INTEREST, date(2026, 2, 2))
    assert found.select("volume", "trades", "volume_velocity").row(0) == flow


@pytest.mark.parametrize(
    ("silent", "is_known"), [((), True), (("trades", "fetch_ledger", "book_events"), False)]
)
def test_a_book_that_was_asked_for_tells_nothing_of_trades(kept, silent, is_known):
    day = kept.days[0]
    given = {
        name: day[name] for name in (*PRICED, "markets", "evidence", "fetch_ledger", "open_interest", "marks")
    }
    given |= {name: day[name].clear() for name in silent}
    made = snapshot(
        **given | {"book_events": given["book_events"].lazy()}, before=None, dt=date(2026, 1, 5), as_of=""
    )
    shot = made["snapshots"]
    assert shot.filter(pl.col("p_kind") == "MID").height > 5
    assert shot["volume_24h"].is_not_null().all() is is_known


HOURS = st.integers(-30, 30)


@given(st.lists(st.tuples(HOURS, st.integers(0, 9)), max_size=20), HOURS, st.integers(1, 30))
def test_a_sum_is_what_one_finds_trade_by_trade(listed, since, length):
    until = since + length
    inside = [paid * DOLLAR for hour, paid in listed if since < hour <= until]
    assert between(since, until, said(listed=listed, asked=[99])) == (sum(inside), len(inside), "SERVICE")
