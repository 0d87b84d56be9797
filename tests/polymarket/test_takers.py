"""What a list of trades tells of a market: takers' trades add up to its volume, makers' and parts of them do not, and what failed is none."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from lakeflow.check import check_frame
from lakeflow.contract import load_contract
from lakeflow.forecast.tables.volumes import told, volumes
from lakeflow.vendors.polymarket.asked import asked_for_trades
from stages.silver.polymarket_trades import once
from tests.polymarket.answers import TRADE, C, fetched, parsed

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TOKENS = pl.DataFrame({"condition_id": [C], "token_ids": [["11", "22"]]})
TAKERS = [
    TRADE | {"size": 100, "transaction_hash": f"0xa{n}", "timestamp": int(NOON.timestamp()) - 3600 * n}
    for n in (1, 2, 3)
]
MAKERS = [each | {"side": "SELL", "proxy_wallet": f"0xm{n}"} for n, each in enumerate(TAKERS)]
OWN = {
    "id": "x", "taker_order_id": "y", "market": C, "asset_id": "11", "side": "BUY", "size": "5", "price": "0.5", "outcome": "Yes",
    "match_time": str(int(NOON.timestamp()) - 60), "transaction_hash": "0xq",
}  # fmt: skip
ALL = {"condition_id": C, "taker_only": "true", "limit": "1000"}


def listed(rows, minutes=10, **params):
    """The service's answer some minutes after noon."""
    at = int(NOON.timestamp() + 60 * minutes) * 10**9
    return {
        "endpoint": "data/v2/trades",
        "params": json.dumps(ALL | params),
        "payload": {"data": rows},
        "ts_observed": at,
    }


def own(status):
    """Somebody's own trades by the book service."""
    at = int(NOON.timestamp() + 600) * 10**9
    about = {"endpoint": "clob/data/trades", "params": json.dumps({"market": C}), "ts_observed": at}
    return about | {"payload": {"data": [OWN | status], "next_cursor": "LTE="}}


def days(*answers):
    """Tables of days, each of some answers, as the stages make them."""
    made = []
    for place, each in enumerate(answers):
        found = parsed(fetched(*each))
        today = [found[name] for name in ("trades", "fills", "price_points")]
        before = pl.concat([found["trades"].clear(), *(day["told"] for day in made)])
        empty = (rows.clear().lazy() for rows in today[1:])
        apart = once(*today, before.lazy(), *empty, (NOON + place * DAY).date())
        made.append(
            {
                "told": found["trades"],
                "ledger": found["fetch_ledger"],
                "quarantine": found["quarantine"],
                **apart,
            }
        )
    return made


def volume(made):
    """Dollars and trades of the day before noon, by the service."""
    trades, ledger = (pl.concat([day[name] for day in made]) for name in ("trades", "ledger"))
    fed = pl.DataFrame(
        schema={
            "token_id": pl.String,
            "ts_recv": pl.Datetime("ns", "UTC"),
            "price": pl.Int64,
            "size": pl.Int64,
        }
    )
    said = told(TOKENS, trades, asked_for_trades(ledger), fed, fed.lazy())
    span = {"condition_id": [C], "since": [NOON - DAY], "until": [NOON]}
    times = dict.fromkeys(("since", "until"), pl.Datetime("ns", "UTC"))
    return volumes(pl.DataFrame(span, schema_overrides=times), said).select("volume", "trades").row(0)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([listed(TAKERS)], (150_000_000, 3)),
        ([listed(TAKERS + MAKERS, taker_only="false")], (None, None)),
        ([listed(TAKERS, taker_only=None)], (None, None)),
        ([listed(TAKERS[:1], user="0xW")], (None, None)),
        ([listed(TAKERS[:1], side="BUY", filter_type="CASH", filter_amount="1000")], (None, None)),
        ([own({"status": "CONFIRMED"})], (None, None)),
        ([listed(TAKERS), listed(TAKERS + MAKERS, 20, taker_only="false")], (150_000_000, 3)),
        ([listed(TAKERS + MAKERS, 5, taker_only="false"), listed(TAKERS)], (150_000_000, 3)),
        ([listed(TAKERS), own({"status": "CONFIRMED"})], (150_000_000, 3)),
        ([listed(TAKERS), listed(TAKERS[:1], user="0xW")], (150_000_000, 3)),
        ([listed([])], (0, 0)),
    ],
    ids=["takers", "makers too", "nobody says", "a user", "a side and a size", "my own", "takers, then all", "all, then takers", "takers and my own", "takers and a user", "none"],
)  # fmt: skip
def test_the_dollars_of_a_market_are_those_of_its_takers_or_nobody_knows(answers, expected):
    assert volume(days(answers)) == expected


def test_what_a_later_day_tells_as_a_takers_is_in_the_sum_once():
    made = days(
        [listed(TAKERS + MAKERS, taker_only="false")], [listed(TAKERS, 24 * 60)], [listed(TAKERS, 48 * 60)]
    )
    assert [day["trades"]["is_taker"].to_list() for day in made] == [[False] * 6, [True] * 3, []]
    assert volume(made) == (150_000_000, 3)


def test_what_was_told_as_a_takers_is_not_told_again_by_a_list_that_does_not_say():
    made = days([listed(TAKERS)], [listed(TAKERS + MAKERS, 24 * 60, taker_only="false")])
    assert [day["trades"].height for day in made] == [3, 3]
    assert made[1]["trades"]["side"].unique().to_list() == ["SELL"]


@pytest.mark.parametrize(
    ("status", "is_trade"),
    [
        ({"status": "CONFIRMED"}, True), ({"status": "TRADE_STATUS_MINED"}, True), ({}, True), ({"status": None}, True),
        ({"status": "FAILED"}, False), ({"status": "TRADE_STATUS_FAILED"}, False), ({"status": "RETRYING"}, False), ({"status": "MATCHED"}, False),
        ({"status": "something new"}, False),
    ],
)  # fmt: skip
def test_a_trade_that_failed_or_may_yet_is_none_and_is_named(status, is_trade):
    made = days([own(status)])[0]
    assert made["trades"]["price"].to_list() == [500_000] * is_trade
    assert made["quarantine"]["reason"].to_list() == ["NOT_SETTLED"] * (not is_trade)


@pytest.mark.parametrize(("table", "contract"), [("told", "told_trades"), ("trades", "prediction_trades")])
def test_trades_of_both_kinds_keep_the_contract(table, contract):
    made = days([listed(TAKERS + MAKERS, taker_only="false")], [listed(TAKERS, 24 * 60)])
    for day in made:
        assert check_frame(day[table], load_contract(ROOT / f"contracts/silver/{contract}.avsc")).errors == ()
